-- What a video is rated by: its views per hour, the proxy of its pairs, and the targets of the CTR head.

-- The CTR target "neighbours": mid-rank of the residual, (lower + equal / 2) / all, among the video and the seven
-- published before and the seven after it in its channel and fold.
create or replace function neighbour_percentiles() returns table (video_id text, percentile double precision)
language sql stable as $$
  select near.video_id, lower_half / cardinality(neighbours)
    from (
      select residuals.video_id, residuals.residual, array_agg(residuals.residual)
          over (partition by residuals.channel_id, residuals.fold
            order by published_at, residuals.video_id rows between 7 preceding and 7 following) as neighbours
        from residuals() join thumbnails using (video_id) where residuals.fold is not null
    ) as near cross join lateral (
      select sum(case when other < residual then 1 when other = residual then 0.5 else 0 end)::double precision as lower_half
        from unnest(neighbours) as other
    ) as ranked
$$;

drop function rates(double precision, boolean);
-- rate: views per hour; proxy: that of the pairs, where `exponent` is 1 for "viewsPerHour" and the growth exponent for
-- "ageAdjusted" (views / age_hours^exponent), a "residual" is exp of it, views over those expected, so that it has
-- margins as the others have; percentile, the CTR target "channel": mid-rank of the proxy within the channel.
create or replace function rates(chosen text, exponent double precision)
returns table (video_id text, rate double precision, proxy double precision, residual double precision,
  percentile double precision)
language sql stable as $$
  select rated.video_id, rated.rate, rated.proxy, rated.residual,
      (rank() over ranking - 1 + count(*) over (ranking range between current row and current row) / 2.0)
      ::double precision / count(*) over (partition by channel_id)
    from (
      select video_id, residuals.channel_id, residuals.residual::double precision as residual,
          case when chosen = 'snapshots' then snapshot_rates.rate
               else views / age_hours(published_at, collected_at) end as rate,
          case chosen when 'snapshots' then snapshot_rates.rate
               -- Within what a double holds, however far a trend was extended.
               when 'residual' then exp(least(greatest(residuals.residual, -40), 40))::double precision
               else views / power(age_hours(published_at, collected_at), exponent) end as proxy
        from residuals() join thumbnails using (video_id) left join snapshot_rates using (video_id)
    ) as rated
    window ranking as (partition by channel_id order by rated.proxy)
$$;

-- Writes what a video is rated by, each row once.
create or replace function rate_videos(chosen text, exponent double precision) returns void language plpgsql as $$
begin
  update thumbnails set views_per_hour = null, proxy = null, ctr_proxy = null, residual = null, ctr_neighbours = null
    where fold is null and views_per_hour is not null;
  update thumbnails set views_per_hour = rates.rate, proxy = rates.proxy, ctr_proxy = rates.percentile,
      residual = rates.residual, ctr_neighbours = neighbour_percentiles.percentile
    from rates(chosen, exponent) join neighbour_percentiles() using (video_id)
    where thumbnails.video_id = rates.video_id;
end $$;

drop function place_videos(jsonb, double precision, boolean);
-- All of the above in one transaction. `options`: {quality, pairs, splits, seed} as lib/config.ts has them. Returns the
-- report of lib/store/report.ts.
create or replace function rebuild(options jsonb) returns table (report jsonb) language plpgsql
set work_mem = '64MB' set jit = off set statement_timeout = '10min' as $$
declare
  seeded jsonb := jsonb_build_object('seed', options->'seed');
  chosen text := options->'pairs'->>'proxy';
  measured boolean := chosen = 'snapshots';
  quality jsonb;
  outliers jsonb;
  growth double precision;
  dropped integer;
  folds jsonb;
begin
  perform refresh_statistics(); -- after a large import the planner knows nothing of it yet
  perform measure_rates(options->'pairs');
  select jsonb_agg(outcome) into quality
    from mark_excluded(options->'quality', case when measured then options->'pairs' end) as outcome;
  perform draw_folds((options->'splits') || seeded);
  select jsonb_agg(outcome) into outliers from mark_outliers(options->'quality', measured) as outcome;
  growth := growth_exponent();
  perform build_baselines(measured);
  dropped := drop_shared_pictures();
  perform fit_trends();
  perform rate_videos(chosen, case when chosen = 'ageAdjusted' then coalesce(growth, 1) else 1 end);
  perform build_pairs((options->'pairs') || seeded);
  select jsonb_object_agg(fold, jsonb_build_object('channels', channels, 'videos', videos, 'pairs', coalesce(pairs, 0)))
    into folds
    from (select fold, count(distinct channel_id) as channels, count(*) as videos from thumbnails
            where fold is not null group by fold) as held
    left join (select fold, count(*) as pairs from training_pairs group by fold) as paired using (fold);
  return query select jsonb_build_object(
    'videos', (select count(*) from thumbnails),
    'kept', (select count(*) from thumbnails where excluded_by is null or excluded_by = 'duplicate picture'),
    'quality', quality || outliers, 'folds', coalesce(folds, '{}'), 'duplicatePictures', dropped,
    'growthExponent', growth);
end $$;

-- The rules alone, but for outliers, which are those of a fold. Voids what `rebuild` built: it was built under other rules.
create or replace function apply_quality(options jsonb)
returns table (rule text, removed integer, applied boolean, note text) language plpgsql
set statement_timeout = '10min' as $$
begin
  truncate training_pairs, channel_baselines, channel_trends;
  update thumbnails set views_per_hour = null, proxy = null, ctr_proxy = null, fold = null, residual = null,
      ctr_neighbours = null
    where fold is not null or views_per_hour is not null;
  return query select * from mark_excluded(options, null);
end $$;

-- Every proxy and target of each rated video side by side, for `thumbrank pairs --explain`. Rates between two readings are
-- null where the video has none, and are those that measure_rates made last.
create or replace function labels_after(exponent double precision, after text, size integer)
returns table (channel_id text, published_at timestamptz, age_hours double precision, views_per_hour double precision,
  age_adjusted double precision, residual double precision, snapshots double precision, channel double precision,
  neighbours double precision, video_id text)
language sql stable as $$
  select channel_id, published_at, age_hours(published_at, collected_at), views / age_hours(published_at, collected_at),
      views / power(age_hours(published_at, collected_at), exponent), residual, snapshot_rates.rate, ctr_proxy,
      ctr_neighbours, video_id
    from thumbnails left join snapshot_rates using (video_id)
    where fold is not null and video_id > after order by thumbnails.video_id limit size
$$;

-- Every table, those that others refer to first, with its key, and how many rows make a page of a megabyte or less.
create or replace function store_tables() returns table (name text, key text[], page integer) language sql immutable as $$
  values ('channels', array['channel_id'], 1000),
    ('thumbnails', array['video_id'], 1000),
    ('view_snapshots', array['video_id', 'collected_at'], 5000),
    ('channel_baselines', array['channel_id'], 1000),
    ('channel_trends', array['channel_id'], 1000),
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
    ('ctr_applied', array['video_id'], 5000)
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
    contents, contents_after, checksum_after, write_contents, store_functions}'::text[]
$$;

select secure_store();
