-- Engaged views of the owner's own videos, by day, from the Reporting API: readings in the unit "engaged", which go on
-- where public views changed their meaning.

alter table ctr_reports add column report_type text; -- null: reach, as all of them were

create table engaged_daily (
  video_id text collate "C" not null,
  day date not null, -- in California
  engaged bigint not null check (engaged >= 0),
  report_id text collate "C" not null,
  made_at timestamptz not null, -- create_time of the report
  primary key (video_id, day)
);
create index engaged_daily_by_report on engaged_daily (report_id);

-- batch: [{day, video_id, engaged}]; no video and day may occur in it twice.
create or replace function save_engaged_rows(report text, made_at timestamptz, batch jsonb) returns void language sql as $$
  insert into engaged_daily as known (video_id, day, engaged, report_id, made_at)
    select video_id, day, engaged, save_engaged_rows.report, save_engaged_rows.made_at
      from jsonb_populate_recordset(null::engaged_daily, batch) order by video_id, day
    on conflict (video_id, day) do update set engaged = excluded.engaged, report_id = excluded.report_id,
      made_at = excluded.made_at
      where excluded.made_at >= known.made_at
$$;

drop function stored_ctr_reports(integer, integer);
-- Reports that are stored whole, oldest first, without the first `skipped`.
create or replace function stored_ctr_reports(skipped integer, size integer)
returns table (report_id text, job_id text, report_type text, start_time timestamptz, end_time timestamptz,
  create_time timestamptz)
language sql stable as $$
  select report_id, job_id, report_type, start_time, end_time, create_time from ctr_reports
    order by ctr_reports.create_time, ctr_reports.report_id offset skipped limit size
$$;

-- report: a row of ctr_reports. Rows of its day that an earlier report had and this one has not are no more.
create or replace function finish_ctr_report(report jsonb) returns void language sql as $$
  insert into ctr_reports select * from jsonb_populate_record(null::ctr_reports, report) on conflict do nothing;
  delete from ctr_daily using ctr_reports as older join ctr_reports as newer
      on newer.job_id = older.job_id and newer.start_time = older.start_time and newer.create_time > older.create_time
    where ctr_daily.report_id = older.report_id
      and (report ->> 'report_id') in (older.report_id, newer.report_id);
  delete from engaged_daily using ctr_reports as older join ctr_reports as newer
      on newer.job_id = older.job_id and newer.start_time = older.start_time and newer.create_time > older.create_time
    where engaged_daily.report_id = older.report_id
      and (report ->> 'report_id') in (older.report_id, newer.report_id);
$$;

create or replace function ctr_coverage()
returns table (reports double precision, first_day text, last_day text, videos double precision,
  rated double precision) language sql stable as $$
  select (select count(*) from ctr_reports where coalesce(report_type, '') <> 'channel_basic_a3'),
      min(day)::text, max(day)::text, count(distinct video_id),
      (select count(*) from thumbnails join ctr_applied using (video_id) where true_ctr = ctr_applied.ctr)
    from ctr_daily
$$;

-- Deletes all that reports gave, also the rates that were set by them.
create or replace function forget_ctr() returns void language sql as $$
  update thumbnails set true_ctr = null from ctr_applied
    where thumbnails.video_id = ctr_applied.video_id and true_ctr = ctr_applied.ctr;
  truncate ctr_reports, ctr_daily, ctr_applied, engaged_daily;
$$;

-- A video's engaged views from its beginning to the end of each day. So the reports must cover every day since it was
-- published: for older videos nobody knows how many there were before. A day of a report without the video is one of none.
create or replace function engaged_readings()
returns table (video_id text, collected_at timestamptz, views bigint) language sql stable as $$
  with covered as (
    select day, end_time, day - row_number() over (order by day)::integer as run -- alike for days without a gap
      from (select (start_time at time zone 'America/Los_Angeles')::date as day, max(end_time) as end_time
              from ctr_reports where report_type = 'channel_basic_a3' group by 1) as days
  ), owned as (
    select thumbnails.video_id, published_at, run, covered.day as born
      from thumbnails join covered on covered.day = (published_at at time zone 'America/Los_Angeles')::date
      where exists (select from engaged_daily where engaged_daily.video_id = thumbnails.video_id)
  )
  select owned.video_id, covered.end_time,
      (sum(coalesce(engaged, 0)) over (partition by owned.video_id order by covered.day))::bigint
    from owned join covered on covered.run = owned.run and covered.day >= born
    left join engaged_daily on engaged_daily.video_id = owned.video_id and engaged_daily.day = covered.day
$$;

-- Views of each video at an age and in a unit, where it was read in that unit at that age or both before and after: on
-- the straight line through the two readings around it in log views over log age. Views grow like a power of age (see
-- growth_exponent), which is such a line; one in plain views would lie below them everywhere between two readings.
create or replace function views_at(hours double precision, changed timestamptz)
returns table (video_id text, unit text, views double precision) language sql stable as $$
  with measured as (
    select view_snapshots.video_id, view_snapshots.views, view_snapshots.collected_at,
        age_hours(published_at, view_snapshots.collected_at) as age,
        reading_unit(view_snapshots.views_unit, published_at, view_snapshots.collected_at, changed) as unit
      from view_snapshots join thumbnails using (video_id)
    union all
    select video_id, reported.views, reported.collected_at, age_hours(published_at, reported.collected_at), 'engaged'
      from engaged_readings() as reported join thumbnails using (video_id)
  ), readings as (
    select video_id, unit, views, age, lead(views) over later as next_views, lead(age) over later as next_age
      from measured window later as (partition by video_id, unit order by collected_at)
  )
  select video_id, unit, case when age = hours then views else
      round(exp(exact_ln(greatest(views, 1)) + round((exact_ln(greatest(next_views, 1)) - exact_ln(greatest(views, 1)))
        * (exact_ln(hours) - exact_ln(age)) / (exact_ln(next_age) - exact_ln(age)), 9)), 6)::double precision end
    from readings where age <= hours and (next_age > hours or next_age is null and age = hours)
$$;

-- Every table, those that others refer to first, with its key, and how many rows make a page of a megabyte or less.
create or replace function store_tables() returns table (name text, key text[], page integer) language sql immutable as $$
  values ('channels', array['channel_id'], 1000),
    ('thumbnails', array['video_id'], 1000),
    ('view_snapshots', array['video_id', 'collected_at'], 5000),
    ('channel_baselines', array['channel_id', 'label_unit'], 1000),
    ('channel_trends', array['channel_id', 'count_unit'], 1000),
    ('training_pairs', array['pair_id'], 5000),
    ('encoder_identities', array['kind', 'model', 'revision', 'preprocessing', 'normalisation', 'dimensions'], 1000),
    ('embeddings', array['identity_id', 'video_id'], 100),
    ('model_evaluations', array['model', 'evaluated_at'], 100),
    ('quota_ledger', array['day', 'method'], 1000),
    ('quota_days', array['day', 'bucket'], 1000),
    ('collect_searches', array['niche', 'query', 'page'], 1000),
    ('collect_channels', array['channel_id'], 1000),
    ('collect_videos', array['video_id'], 1000),
    ('snapshot_rates', array['video_id'], 5000),
    ('orphaned_pictures', array['picture_sha256'], 5000),
    ('ctr_reports', array['report_id'], 1000),
    ('ctr_daily', array['video_id', 'day'], 5000),
    ('ctr_applied', array['video_id'], 5000),
    ('engaged_daily', array['video_id', 'day'], 5000)
$$;

-- The functions that programs call, and those that these call; a test compares the list with the database.
create or replace function store_functions() returns text[] language sql immutable as $$
  select '{schema_version, applied_migrations, secure_store, forget_embeddings, written_columns, upsert_videos,
    count_videos, videos_after, rated_videos_after, channels_after, embedding_bytes, identity_of, save_embeddings, save_staged_embeddings, unknown_videos,
    embeddings_after, lacks_embedding, missing_embeddings_after, count_missing_embeddings, save_evaluation,
    evaluations, refresh_statistics, days, spoken_language, age_hours, exact_ln, log_rate, mark_excluded, apply_quality,
    growth_exponent, rates, build_baselines, share, folds, draw_folds, mark_outliers,
    drop_shared_pictures, trend_points, fit_trends_once, fit_trends, residuals, neighbour_percentiles, rate_videos,
    build_pairs, rebuild, pairs_after, labels_after,
    spend_quota, exhaust_quota, quota_spent, save_search_page, search_pages, found_channels_after, judge_channels,
    save_listing, listed_videos_after, mark_absent, save_readings, wanted_pictures_after, save_pictures,
    collection_counts, missing_embeddings_among, views_at, measure_rates, hourly, collection_refusals,
    stale_videos_after, count_stale_videos, save_refreshed, stale_channels_after, count_stale_channels,
    save_refreshed_channels, purgeable, purge_preview, purge_pairs, purge_videos, finish_purge, purged_videos_after,
    orphaned_pictures_after, forget_orphans, stored_ctr_reports, save_ctr_rows, finish_ctr_report, ctr_by_video,
    apply_ctr, ctr_coverage, forget_ctr, store_tables, key_of, count_rows, identity_label, embedding_contents,
    contents, contents_after, checksum_after, write_contents, store_functions, bucket_of, is_stale, save_statistics,
    reading_unit, views_changed, save_engaged_rows, engaged_readings}'::text[]
$$;

select secure_store();
