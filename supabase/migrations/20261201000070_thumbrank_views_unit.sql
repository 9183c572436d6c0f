-- A view is not what it was: since 27 August 2026 YouTube counts one from the first frame, autoplay and hovering included.
-- So every reading has a unit: "engaged" (views as they were counted before, which owners still get as engaged views),
-- "starts" (as they are counted since), or "mixed" (a public count that began before and was read after). Nothing is
-- computed across units: no interpolation, rate, mean, percentile, trend or pair. docs/LABELS.md says more.

-- Null where the source does not name the unit: then it follows from the dates.
alter table thumbnails add column views_unit text check (views_unit in ('engaged', 'mixed', 'starts'));
alter table view_snapshots add column views_unit text check (views_unit in ('engaged', 'mixed', 'starts'));
-- Built with the fold: the unit of the newest count, which the residual is of, and that of what pairs compare, which may
-- be another where rates are measured between two readings.
alter table thumbnails add column count_unit text not null default 'engaged' check (count_unit in ('engaged', 'mixed', 'starts'));
alter table thumbnails add column label_unit text not null default 'engaged' check (label_unit in ('engaged', 'mixed', 'starts'));

create or replace function written_columns(of_table regclass) returns table (column_name text, is_key boolean)
language sql stable as $$
  select quote_ident(attname), attnum = any (indkey)
    from pg_attribute join pg_index on indrelid = attrelid and indisprimary
    where attrelid = of_table and attnum > 0 and not attisdropped and attname <> all
      ('{excluded_by, views_per_hour, proxy, ctr_proxy, fold, residual, ctr_neighbours, count_unit, label_unit}')
    order by attnum
$$;

-- Upserts an array of objects whose keys are columns of channels and thumbnails; no video may occur in it twice.
-- The newer `collected_at` wins, with what it does not say kept, but for the unit: it is that of the views, which every
-- reading says. Every reading goes to view_snapshots.
create or replace function upsert_videos(batch jsonb, out inserted integer, out updated integer)
language plpgsql as $$
begin
  execute (select format(
    'insert into channels as known (%s) select %s from jsonb_populate_recordset(null::channels, $1)
       group by channel_id order by channel_id
       on conflict (channel_id) do update set %s where excluded.collected_at >= known.collected_at',
    string_agg(column_name, ', '),
    string_agg(case when is_key then column_name else format(
      '(array_agg(%1$s order by collected_at desc, %1$s) filter (where %1$s is not null))[1]', column_name) end, ', '),
    string_agg(format('%1$s = coalesce(excluded.%1$s, known.%1$s)', column_name), ', ') filter (where not is_key))
    from written_columns('channels')) using batch;

  execute (select format(
    'with written as (
       insert into thumbnails as known (%1$s) select %1$s from jsonb_populate_recordset(null::thumbnails, $1)
         order by video_id
         on conflict (video_id) do update set %2$s where excluded.collected_at >= known.collected_at
         returning xmax = 0 as is_new
     ) select count(*) filter (where is_new), count(*) filter (where not is_new) from written',
    string_agg(column_name, ', '),
    string_agg(format(case column_name when 'views_unit' then '%1$s = excluded.%1$s'
      else '%1$s = coalesce(excluded.%1$s, known.%1$s)' end, column_name), ', ') filter (where not is_key))
    from written_columns('thumbnails')) into inserted, updated using batch;

  insert into view_snapshots as known (video_id, collected_at, views, views_unit)
    select video_id, collected_at, views, views_unit from jsonb_populate_recordset(null::view_snapshots, batch)
      order by video_id
    on conflict (video_id, collected_at) do update set views = excluded.views, views_unit = excluded.views_unit
      where known.views <> excluded.views or known.views_unit is distinct from excluded.views_unit;
end $$;

-- The unit of a reading. changed: when YouTube began to count from the first frame.
create or replace function reading_unit(given text, published timestamptz, collected timestamptz, changed timestamptz)
returns text language sql immutable as $$
  select case when given is not null then given when collected < changed then 'engaged'
              when published < changed then 'mixed' else 'starts' end
$$;

alter table snapshot_rates add column unit text not null default 'engaged';

drop function views_at(double precision);
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
  ), readings as (
    select video_id, unit, views, age, lead(views) over later as next_views, lead(age) over later as next_age
      from measured window later as (partition by video_id, unit order by collected_at)
  )
  select video_id, unit, case when age = hours then views else
      round(exp(exact_ln(greatest(views, 1)) + round((exact_ln(greatest(next_views, 1)) - exact_ln(greatest(views, 1)))
        * (exact_ln(hours) - exact_ln(age)) / (exact_ln(next_age) - exact_ln(age)), 9)), 6)::double precision end
    from readings where age <= hours and (next_age > hours or next_age is null and age = hours)
$$;

-- options: those of pairs. Views that were taken back count as none gained. What a mixed count gains are starts. Of a
-- video measured in two units, engaged views count: the owner's say more.
create or replace function measure_rates(options jsonb) returns void language plpgsql as $$
declare
  from_hours double precision := options->>'snapshotFromHours';
  to_hours double precision := options->>'snapshotToHours';
  changed timestamptz := views_changed(options);
begin
  truncate snapshot_rates;
  if options->>'proxy' <> 'snapshots' then return; end if;
  insert into snapshot_rates (video_id, unit, rate, log_rate)
    select distinct on (video_id) video_id, case unit when 'mixed' then 'starts' else unit end,
        gained / (to_hours - from_hours), exact_ln(greatest(gained, 1) / (to_hours - from_hours))
      from (select video_id, unit, greatest(later.views - earlier.views, 0) as gained
              from views_at(from_hours, changed) as earlier join views_at(to_hours, changed) as later
                using (video_id, unit)) as grown
      order by video_id, unit; -- "engaged" is the first
  analyze snapshot_rates;
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
  update thumbnails as known set collected_at = reading.collected_at, views = reading.views, views_unit = null,
      likes = coalesce(reading.likes, known.likes), comments = coalesce(reading.comments, known.comments),
      duration_seconds = coalesce(reading.duration_seconds, known.duration_seconds)
    from jsonb_populate_recordset(null::thumbnails, fresh) as reading
    where known.video_id = reading.video_id and reading.collected_at >= known.collected_at;
  insert into view_snapshots as known (video_id, collected_at, views)
    select reading.video_id, reading.collected_at, reading.views
      from jsonb_populate_recordset(null::view_snapshots, fresh) as reading
      join thumbnails on thumbnails.video_id = reading.video_id order by reading.video_id
    on conflict (video_id, collected_at) do update set views = excluded.views, views_unit = null where known.views <> excluded.views;
  saved := jsonb_array_length(fresh);
  return next;
end $$;

-- The instant from which public views are counted from the first frame. options: those of pairs.
create or replace function views_changed(options jsonb) returns timestamptz language sql immutable as $$
  select coalesce(options->>'viewsChangedOn', '2026-08-27')::timestamp at time zone 'UTC'
$$;

drop function draw_folds(jsonb);
-- Writes the folds of the videos that the rules left, and the units of what they will be rated by.
create or replace function draw_folds(options jsonb, changed timestamptz) returns void language plpgsql as $$
begin
  update thumbnails set fold = null where excluded_by is not null and fold is not null;
  update thumbnails set fold = folds.fold,
      count_unit = reading_unit(views_unit, published_at, collected_at, changed),
      label_unit = coalesce(snapshot_rates.unit, reading_unit(views_unit, published_at, collected_at, changed))
    from folds(options) left join snapshot_rates using (video_id) where thumbnails.video_id = folds.video_id;
  perform refresh_statistics(); -- or the planner takes every fold to be null and searches each video's neighbours and pictures one by one
end $$;

-- The last rule: a training video far from the mean of its channel's training videos of the same unit, in log views per hour.
create or replace function mark_outliers(options jsonb, measured boolean)
returns table (rule text, removed integer, applied boolean, note text) language plpgsql as $$
begin
  update thumbnails set excluded_by = 'outlier', fold = null
    from (
      select video_id, log_rate, avg(log_rate) over channel as mean, stddev_samp(log_rate) over channel as deviation
        from hourly(measured) join (select video_id, fold, label_unit from thumbnails) as placed using (video_id) where fold = 'train'
        window channel as (partition by channel_id, label_unit)) as rated
    where thumbnails.video_id = rated.video_id
      and abs(log_rate - mean) > (options->>'maxDeviations')::numeric * deviation;
  get diagnostics removed = row_count;
  rule := 'outlier';
  applied := true;
  note := 'of the training videos: an evaluation video is never left out for its own views';
  return next;
end $$;

-- Exponent b of the growth curve views ~ age^b: least squares of log views on log age, both less the mean of
-- their channel and unit
-- (regr_slope of the two, in exact sums). Views never shrink, so neither does the curve: b >= 0. Null where in every
-- channel all videos are equally old.
create or replace function growth_exponent() returns double precision language sql stable as $$
  with logs as (
    select channel_id, count_unit, exact_ln(age_hours(published_at, collected_at)) as age, exact_ln(greatest(views, 1)) as views
      from thumbnails where excluded_by is null
  ), centred as (
    select age - round(avg(age) over channel, 9) as age, views - round(avg(views) over channel, 9) as views
      from logs window channel as (partition by channel_id, count_unit)
  )
  select case when slope < 0 then 0 else slope end::double precision -- greatest(0, null) would be 0
    from (select round(sum(age * views) / nullif(sum(age * age), 0), 9) as slope from centred) as fitted
$$;

alter table channel_baselines add column label_unit text collate "C" not null default 'engaged';
alter table channel_baselines drop constraint channel_baselines_pkey, add primary key (channel_id, label_unit);

create or replace function build_baselines(measured boolean) returns void language plpgsql as $$
begin
  delete from channel_baselines where true; -- Supabase refuses a delete of everything that does not say so
  insert into channel_baselines (channel_id, label_unit, videos, mean_views_per_hour, std_views_per_hour, median_views_per_hour,
      mean_log_views_per_hour, std_log_views_per_hour, median_log_views_per_hour)
    select hourly.channel_id, label_unit, count(*), avg(rate::numeric), stddev_samp(rate::numeric),
        percentile_cont(0.5) within group (order by rate), avg(log_rate), stddev_samp(log_rate),
        percentile_cont(0.5) within group (order by log_rate::double precision)
      from hourly(measured) join thumbnails using (video_id) group by hourly.channel_id, label_unit;
end $$;

alter table channel_trends add column count_unit text collate "C" not null default 'engaged';
alter table channel_trends drop constraint channel_trends_pkey, add primary key (channel_id, count_unit);

drop function residuals();
drop function trend_points();
-- What a trend is fitted on and says something of: years since the start of 2020, log age in hours, log views.
create or replace function trend_points()
returns table (video_id text, channel_id text, count_unit text, fold text, years numeric, age numeric, views numeric)
language sql stable as $$
  select video_id, channel_id, count_unit, fold, round((extract(epoch from published_at)::numeric - 1577836800) / 31557600, 9),
      exact_ln(age_hours(published_at, collected_at)), exact_ln(greatest(views, 1))
    from thumbnails where fold is not null or excluded_by = 'duplicate picture'
$$;

-- Weighted least squares of log views on years and log age, once, by channel and unit: weights are 1 within twice the median distance from
-- the trend fitted before, and fall with the distance beyond (Huber's, at 1.35 deviations). A channel has its own level and growth;
-- a growth takes five videos, published over hours at least. One exponent of age serves all, since within a channel read
-- on one day age and time are all but the same: what age tells beyond time (Frisch-Waugh) is summed over the training
-- channels. The 1 beside that sum keeps the exponent near 0 where nothing tells them apart; views never shrink, so
-- neither does it.
create or replace function fit_trends_once() returns void language sql as $$
  with points as (
    select channel_id, count_unit, fold, years, age, trend_points.views,
        round(abs(trend_points.views - level - per_year * years - age_exponent * age), 9) as distance
      from trend_points() left join channel_trends using (channel_id, count_unit) where fold <> 'time'
  ), limits as (
    select channel_id, count_unit,
        greatest(2 * round(percentile_cont(0.5) within group (order by distance::double precision)::numeric, 9), 0.01) as near
      from points group by channel_id, count_unit
  ), weighted as (
    select points.*, case when distance > near then round(near / distance, 9) else 1 end as w
      from points join limits using (channel_id, count_unit)
  ), sums as (
    select channel_id, count_unit, min(fold) = 'train' as trains, count(*) as videos, sum(w) as w,
        sum(w * years) / sum(w) as t, sum(w * age) / sum(w) as a, sum(w * views) / sum(w) as y,
        sum(w * years * years) as tt, sum(w * years * age) as ta, sum(w * years * views) as ty,
        sum(w * age * age) as aa, sum(w * age * views) as ay
      from weighted group by channel_id, count_unit
  ), centred as (
    select channel_id, count_unit, trains, videos, t, a, y, ta - w * t * a as ta, ty - w * t * y as ty, aa - w * a * a as aa,
        ay - w * a * y as ay,
        case when videos >= 5 and tt - w * t * t > 0.000001 * w then tt - w * t * t end as tt -- else no growth
      from sums
  ), aged as (
    select *, round(greatest(0, coalesce(
        sum(ay - coalesce(ta * ty / tt, 0)) filter (where trains) over ()
        / (1 + sum(aa - coalesce(ta * ta / tt, 0)) filter (where trains) over ()), 0)), 9) as exponent
      from centred
  ), grown as (
    select *, round(coalesce((ty - exponent * ta) / tt, 0), 9) as growth from aged
  )
  insert into channel_trends (channel_id, count_unit, videos, level, per_year, age_exponent)
    select channel_id, count_unit, videos, round(y - growth * t - exponent * a, 9), growth, exponent from grown
    on conflict (channel_id, count_unit) do update
      set level = excluded.level, per_year = excluded.per_year, age_exponent = excluded.age_exponent
$$;

-- A channel that has no training video of a unit has no trend in it: there the residual is log views.
create or replace function residuals() returns table (video_id text, channel_id text, count_unit text, fold text, residual numeric)
language sql stable as $$
  select video_id, channel_id, count_unit, fold,
      round(points.views - coalesce(level + per_year * years + age_exponent * age, 0), 9)
    from trend_points() as points left join channel_trends using (channel_id, count_unit)
$$;

-- The CTR target "neighbours": mid-rank of the residual, (lower + equal / 2) / all, among the video and the seven
-- published before and the seven after it in its channel, unit and fold.
create or replace function neighbour_percentiles() returns table (video_id text, percentile double precision)
language sql stable as $$
  select near.video_id, lower_half / cardinality(neighbours)
    from (
      select residuals.video_id, residuals.residual, array_agg(residuals.residual)
          over (partition by residuals.channel_id, residuals.count_unit, residuals.fold
            order by published_at, residuals.video_id rows between 7 preceding and 7 following) as neighbours
        from residuals() join thumbnails using (video_id) where residuals.fold is not null
    ) as near cross join lateral (
      select sum(case when other < residual then 1 when other = residual then 0.5 else 0 end)::double precision as lower_half
        from unnest(neighbours) as other
    ) as ranked
$$;

-- rate: views per hour; proxy: that of the pairs, where `exponent` is 1 for "viewsPerHour" and the growth exponent for
-- "ageAdjusted" (views / age_hours^exponent), a "residual" is exp of it, views over those expected, so that it has
-- margins as the others have; percentile, the CTR target "channel": mid-rank of the proxy within the
-- channel and unit.
create or replace function rates(chosen text, exponent double precision)
returns table (video_id text, rate double precision, proxy double precision, residual double precision,
  percentile double precision)
language sql stable as $$
  select rated.video_id, rated.rate, rated.proxy, rated.residual,
      (rank() over ranking - 1 + count(*) over (ranking range between current row and current row) / 2.0)
      ::double precision / count(*) over (partition by channel_id, label_unit)
    from (
      select video_id, residuals.channel_id, label_unit, residuals.residual::double precision as residual,
          case when chosen = 'snapshots' then snapshot_rates.rate
               else views / age_hours(published_at, collected_at) end as rate,
          case chosen when 'snapshots' then snapshot_rates.rate
               -- Within what a double holds, however far a trend was extended.
               when 'residual' then exp(least(greatest(residuals.residual, -40), 40))::double precision
               else views / power(age_hours(published_at, collected_at), exponent) end as proxy
        from residuals() join thumbnails using (video_id) left join snapshot_rates using (video_id)
    ) as rated
    window ranking as (partition by channel_id, label_unit order by rated.proxy)
$$;

-- Pairs of one channel, fold and unit, published at most windowDays apart; the winner has the higher proxy, equal ones make
-- no pair; margin |a - b| / max(a, b). With a cap, each channel and fold keeps those of the least md5(seed:winner:loser).
create or replace function build_pairs(options jsonb) returns void language plpgsql as $$
declare
  apart interval := days(options->>'windowDays');
  least_margin double precision := options->>'minMargin';
  cap integer := options->>'maxPairsPerChannel';
  seed text := options->>'seed';
begin
  truncate training_pairs;
  insert into training_pairs (pair_id, winner_id, loser_id, channel_id, fold, margin)
    select row_number() over (order by channel_id, fold, winner_id, loser_id),
        winner_id, loser_id, channel_id, fold, margin
      from (select distinct channel_id, fold from thumbnails where fold is not null) as side
      cross join lateral (
        select winner.video_id as winner_id, loser.video_id as loser_id,
            (winner.proxy - loser.proxy) / winner.proxy as margin
          from thumbnails as winner join thumbnails as loser
            on loser.published_at between winner.published_at - apart and winner.published_at + apart
           and loser.proxy < winner.proxy and (winner.proxy - loser.proxy) / winner.proxy >= least_margin
          where winner.channel_id = side.channel_id and winner.fold = side.fold
            and loser.channel_id = side.channel_id and loser.fold = side.fold and loser.label_unit = winner.label_unit
          order by case when cap is not null then md5(seed || ':' || winner.video_id || ':' || loser.video_id) end
            collate "C"
          limit cap
      ) as drawn;
  update channel_baselines set pairs = counted.pairs
    from (select training_pairs.channel_id, label_unit, count(*) as pairs
            from training_pairs join thumbnails on video_id = winner_id group by training_pairs.channel_id, label_unit) as counted
    where counted.channel_id = channel_baselines.channel_id and counted.label_unit = channel_baselines.label_unit;
end $$;

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
  perform draw_folds((options->'splits') || seeded, views_changed(options->'pairs'));
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
    'growthExponent', growth,
    'viewsUnits', (select coalesce(jsonb_object_agg(label_unit, videos), '{}')
      from (select label_unit, count(*) as videos from thumbnails where fold is not null group by label_unit) as counted));
end $$;

drop function labels_after(double precision, text, integer);
-- Every proxy and target of each rated video side by side, for `thumbrank pairs --explain`. Rates between two readings are
-- null where the video has none, and are those that measure_rates made last.
create or replace function labels_after(exponent double precision, after text, size integer)
returns table (channel_id text, count_unit text, published_at timestamptz, age_hours double precision, views_per_hour double precision,
  age_adjusted double precision, residual double precision, snapshots double precision, channel double precision,
  neighbours double precision, video_id text)
language sql stable as $$
  select channel_id, count_unit, published_at, age_hours(published_at, collected_at), views / age_hours(published_at, collected_at),
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
    contents, contents_after, checksum_after, write_contents, store_functions, bucket_of, is_stale, save_statistics,
    reading_unit, views_changed}'::text[]
$$;

select secure_store();
