-- Statistics are read apart from the rest of what is stored of a video: by videos.batchGetStats, which has a quota of its
-- own. Titles, languages and thumbnails are read by videos.list, as before.

alter table collect_videos add column if not exists stats_read_at timestamptz; -- null where they came with the rest, at read_at

alter table quota_days drop constraint if exists quota_days_bucket_check;
alter table quota_days add constraint quota_days_bucket_check check (bucket in ('search', 'units', 'statistics'));

create or replace function bucket_of(method text) returns text language sql immutable as $$
  select case method when 'search.list' then 'search' when 'videos.batchGetStats' then 'statistics' else 'units' end
$$;

create or replace function quota_spent(spent_on date)
returns table (bucket text, units integer, exhausted boolean, methods jsonb) language sql stable as $$
  select bucket, units, exhausted,
      (select coalesce(jsonb_object_agg(method, ledger.units), '{}') from quota_ledger as ledger
         where ledger.day = spent_on and bucket_of(method) = bucket)
    from quota_days where day = spent_on
$$;

-- What a refresh reads again, for two reasons: statistics that were last read before one instant, and everything else
-- before another (null: at no age). `by_statistics`: only what needs its statistics alone.
create or replace function is_stale(known collect_videos, before timestamptz, details_before timestamptz,
  by_statistics boolean) returns boolean language sql immutable as $$
  select known.state = 'stored' and case when by_statistics then counts_due and not rest_due else counts_due or rest_due end
    from (select coalesce(greatest(known.read_at, known.stats_read_at) < before, false) as counts_due,
                 coalesce(known.read_at < details_before, false) as rest_due) as due
$$;

drop function if exists stale_videos_after(timestamptz, text, integer);
create or replace function stale_videos_after(before timestamptz, details_before timestamptz, by_statistics boolean,
  after text, size integer) returns table (video_id text) language sql stable as $$
  select video_id from collect_videos as known
    where is_stale(known, before, details_before, by_statistics) and video_id > after
    order by known.video_id limit size
$$;

drop function if exists count_stale_videos(timestamptz);
create or replace function count_stale_videos(before timestamptz, details_before timestamptz, by_statistics boolean)
returns table (stale double precision) language sql stable as $$
  select count(*)::double precision from collect_videos as known
    where is_stale(known, before, details_before, by_statistics)
$$;

-- batch and absent as save_readings takes them. Of two programs that read the same videos the first one's reading
-- counts: the second waits for the rows and finds them read.
drop function if exists save_refreshed(timestamptz, jsonb, jsonb);
create or replace function save_refreshed(before timestamptz, details_before timestamptz, batch jsonb, absent jsonb)
returns table (saved integer)
language plpgsql as $$
declare
  stale jsonb;
  fresh jsonb;
begin
  select coalesce(jsonb_object_agg(video_id, true), '{}') into stale from (
    select video_id from collect_videos as known
      where is_stale(known, before, details_before, false) and video_id in (
        select given ->> 'video_id' from jsonb_array_elements(batch || absent) as given)
      order by known.video_id for update) as locked;
  select coalesce(jsonb_agg(reading), '[]') into fresh
    from jsonb_array_elements(batch) as reading where stale ? (reading ->> 'video_id');
  update collect_videos as known
    set read_at = (reading ->> 'collected_at')::timestamptz, stats_read_at = null,
        thumbnail_urls = reading -> 'thumbnail_urls'
    from jsonb_array_elements(fresh) as reading where known.video_id = reading ->> 'video_id';
  perform upsert_videos(fresh);
  saved := jsonb_array_length(fresh) + mark_absent('stored', (
    select coalesce(jsonb_agg(gone), '[]') from jsonb_array_elements(absent) as gone
      where stale ? (gone ->> 'video_id')));
  return next;
end $$;

-- batch: [{video_id, collected_at, views, likes, comments, duration_seconds}]; null is kept as it was. Two programs as above.
create or replace function save_statistics(before timestamptz, details_before timestamptz, batch jsonb)
returns table (saved integer) language plpgsql as $$
declare
  fresh jsonb;
begin
  with locked as (
    select video_id from collect_videos as known
      where is_stale(known, before, details_before, true)
        and video_id in (select given ->> 'video_id' from jsonb_array_elements(batch) as given)
      order by known.video_id for update
  )
  select coalesce(jsonb_agg(reading), '[]') into fresh
    from jsonb_array_elements(batch) as reading
    where reading ->> 'video_id' in (select video_id from locked);
  update collect_videos as known set stats_read_at = reading.collected_at
    from jsonb_populate_recordset(null::thumbnails, fresh) as reading where known.video_id = reading.video_id;
  update thumbnails as known set collected_at = reading.collected_at, views = reading.views,
      likes = coalesce(reading.likes, known.likes), comments = coalesce(reading.comments, known.comments),
      duration_seconds = coalesce(reading.duration_seconds, known.duration_seconds)
    from jsonb_populate_recordset(null::thumbnails, fresh) as reading
    where known.video_id = reading.video_id and reading.collected_at >= known.collected_at;
  insert into view_snapshots as known (video_id, collected_at, views)
    select reading.video_id, reading.collected_at, reading.views
      from jsonb_populate_recordset(null::view_snapshots, fresh) as reading
      join thumbnails on thumbnails.video_id = reading.video_id order by reading.video_id
    on conflict (video_id, collected_at) do update set views = excluded.views where known.views <> excluded.views;
  saved := jsonb_array_length(fresh);
  return next;
end $$;

-- The functions that programs call, and those that these call; a test compares the list with the database.
create or replace function store_functions() returns text[] language sql immutable as $$
  select '{schema_version, applied_migrations, secure_store, forget_embeddings, written_columns, upsert_videos,
    count_videos, videos_after, rated_videos_after, channels_after, embedding_bytes, identity_of, save_embeddings, save_staged_embeddings, unknown_videos,
    embeddings_after, lacks_embedding, missing_embeddings_after, count_missing_embeddings, save_evaluation,
    evaluations, refresh_statistics, days, spoken_language, age_hours, exact_ln, log_rate, mark_excluded, apply_quality,
    growth_exponent, rates, build_baselines, share, folds, place_videos, build_pairs, rebuild, pairs_after,
    spend_quota, exhaust_quota, quota_spent, save_search_page, search_pages, found_channels_after, judge_channels,
    save_listing, listed_videos_after, mark_absent, save_readings, wanted_pictures_after, save_pictures,
    collection_counts, missing_embeddings_among, views_at, measure_rates, hourly, collection_refusals,
    stale_videos_after, count_stale_videos, save_refreshed, stale_channels_after, count_stale_channels,
    save_refreshed_channels, purgeable, purge_preview, purge_pairs, purge_videos, finish_purge, purged_videos_after,
    orphaned_pictures_after, forget_orphans, stored_ctr_reports, save_ctr_rows, finish_ctr_report, ctr_by_video,
    apply_ctr, ctr_coverage, forget_ctr, store_tables, key_of, count_rows, identity_label, embedding_contents,
    contents, contents_after, checksum_after, write_contents, store_functions, bucket_of, is_stale, save_statistics}'::text[]
$$;

select secure_store();
