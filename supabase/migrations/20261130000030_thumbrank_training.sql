-- Training data: quality rules, proxies, baselines, folds and pairs. What rewrites every video has a statement time-out of
-- its own, which Supabase's REST server takes in place of its 8 s; elsewhere it changes nothing.

-- What the planner knows of the videos: with the owner's rights, since nobody else may analyze a table.
do $$ begin
  execute format('create or replace function refresh_statistics() returns void language plpgsql security definer
    set search_path = %I, pg_temp as ''begin analyze channels, thumbnails; end''', current_schema());
end $$;

create or replace function days(count text) returns interval language sql immutable
  as $$ select make_interval(secs => count::double precision * 86400) $$;

create or replace function age_hours(published timestamptz, collected timestamptz) returns double precision
language sql immutable
  as $$ select greatest(1, extract(epoch from collected - published)::double precision / 3600) $$;

-- "en" of "en-GB", "EN" or "en_US"; null where no language is named: nothing spoken, not determined, several, not coded.
create or replace function spoken_language(tag text) returns text language sql immutable
  as $$ select code from lower(substring(tag from '^[A-Za-z]+')) as code where code not in ('zxx', 'und', 'mul', 'mis') $$;

-- Natural logarithm to nine decimals, exact from there on; no views count as one.
create or replace function exact_ln(x double precision) returns numeric language sql immutable
  as $$ select round(ln(greatest(x, 1e-9))::numeric, 9) $$;

create or replace function log_rate(views bigint, published timestamptz, collected timestamptz) returns numeric
language sql immutable
  as $$ select exact_ln(greatest(views, 1) / age_hours(published, collected)) $$;

-- Views per hour between two ages, measured by readings: built where the proxy is "snapshots", else empty.
create table if not exists snapshot_rates (
  video_id text collate "C" primary key, -- no foreign key, as training_pairs
  rate double precision not null check (rate >= 0),
  log_rate numeric not null
);

-- Views of each video at an age, where it was read at that age or both before and after: on the straight line through
-- the two readings around it in log views over log age. Views grow like a power of age (see growth_exponent), which is
-- such a line; one in plain views would lie below them everywhere between two readings.
create or replace function views_at(hours double precision) returns table (video_id text, views double precision)
language sql stable as $$
  with readings as (
    select view_snapshots.video_id, view_snapshots.views, lead(view_snapshots.views) over later as next_views,
        age_hours(published_at, view_snapshots.collected_at) as age,
        lead(age_hours(published_at, view_snapshots.collected_at)) over later as next_age
      from view_snapshots join thumbnails using (video_id)
      window later as (partition by view_snapshots.video_id order by view_snapshots.collected_at)
  )
  select video_id, case when age = hours then views else
      round(exp(exact_ln(greatest(views, 1)) + round((exact_ln(greatest(next_views, 1)) - exact_ln(greatest(views, 1)))
        * (exact_ln(hours) - exact_ln(age)) / (exact_ln(next_age) - exact_ln(age)), 9)), 6)::double precision end
    from readings where age <= hours and (next_age > hours or next_age is null and age = hours)
$$;

-- options: those of pairs. Views that were taken back count as none gained.
create or replace function measure_rates(options jsonb) returns void language plpgsql as $$
declare
  from_hours double precision := options->>'snapshotFromHours';
  to_hours double precision := options->>'snapshotToHours';
begin
  truncate snapshot_rates;
  if options->>'proxy' <> 'snapshots' then return; end if;
  insert into snapshot_rates (video_id, rate, log_rate)
    select video_id, gained / (to_hours - from_hours), exact_ln(greatest(gained, 1) / (to_hours - from_hours))
      from (select earlier.video_id, greatest(later.views - earlier.views, 0) as gained
              from views_at(from_hours) as earlier join views_at(to_hours) as later using (video_id)) as grown;
  analyze snapshot_rates;
end $$;

-- Views per hour of the videos left: of their whole life, or as measured between two readings.
create or replace function hourly(measured boolean)
returns table (video_id text, channel_id text, rate double precision, log_rate numeric) language sql stable as $$
  select video_id, channel_id, views / age_hours(published_at, collected_at),
      log_rate(views, published_at, collected_at)
    from thumbnails where excluded_by is null and not measured
  union all
  select video_id, channel_id, snapshot_rates.rate, snapshot_rates.log_rate
    from thumbnails join snapshot_rates using (video_id) where excluded_by is null and measured
$$;

-- The guide's quality rules, each on what the rules before it left. A rule whose column (`reads`) is null for every
-- video left is not applied; where it is null for some, they are kept and counted. Where rates are measured (`measured`
-- are the options of pairs then, else null), a video without one is excluded too.
create or replace function mark_excluded(options jsonb, measured jsonb)
returns table (rule text, removed integer, applied boolean, note text)
language plpgsql as $$
declare
  newest timestamptz := (select max(collected_at) from thumbnails);
  reads text;
  fails text; -- condition; $1 is `options`, $2 is `newest`, $3 is whether rates are measured
  remaining integer;
  missing integer;
begin
  update thumbnails set excluded_by = null where excluded_by is not null;
  for rule, reads, fails in values
    ('no picture', '1', $f$ picture_sha256 is null $f$),
    ('window', '1', $f$ published_at < $2 - days($1->>'windowDays') $f$),
    ('age', '1', $f$ (collected_at - published_at) < days($1->>'minAgeHours') / 24 $f$),
    ('views', '1', $f$ views < ($1->>'minViews')::double precision $f$),
    ('duration', 'duration_seconds', $f$ duration_seconds not between ($1->>'minDurationSeconds')::double precision
                                                                  and ($1->>'maxDurationSeconds')::double precision $f$),
    ('language', 'spoken_language(language)', $f$ spoken_language(language) <> spoken_language($1->>'language') $f$),
    ('subscribers', 'subscribers', $f$ subscribers < ($1->>'minSubscribers')::double precision $f$),
    ('active channel', '1', $f$ channel_id in (
       select channel_id from thumbnails group by channel_id
         having count(*) filter (where published_at >= $2 - days($1->>'activeDays'))
              < ($1->>'minChannelVideos')::integer) $f$),
    ('no readings at that age', '1', $f$ not exists (
       select from snapshot_rates where snapshot_rates.video_id = thumbnails.video_id) $f$),
    ('outlier', '1', $f$ video_id in (
       select video_id from (
         select video_id, log_rate, avg(log_rate) over channel as mean, stddev_samp(log_rate) over channel as deviation
           from hourly($3) window channel as (partition by channel_id)) as rated
         where abs(log_rate - mean) > ($1->>'maxDeviations')::numeric * deviation) $f$)
  loop
    continue when rule = 'no readings at that age' and measured is null;
    execute format('select count(*), count(*) filter (where %s is null) from thumbnails where excluded_by is null', reads)
      into remaining, missing;
    applied := missing < remaining or remaining = 0;
    note := case when not applied then format('no video says its %s', rule)
                 when missing > 0 then format('%s of %s videos do not say their %s and were kept', missing, remaining, rule)
            end;
    execute format('update thumbnails set excluded_by = %L where excluded_by is null and %s', rule, fails)
      using options, newest, measured is not null;
    get diagnostics removed = row_count;
    if rule = 'no readings at that age' then
      note := format('measured between ages of %s and %s hours: a video needs a reading at or before the first and one at '
        'or after the second', measured->>'snapshotFromHours', measured->>'snapshotToHours');
    end if;
    return next;
  end loop;
end $$;

-- The rules alone. Voids what `rebuild` built: it was built under other rules.
create or replace function apply_quality(options jsonb)
returns table (rule text, removed integer, applied boolean, note text) language plpgsql
set statement_timeout = '10min' as $$
begin
  truncate training_pairs, channel_baselines;
  update thumbnails set views_per_hour = null, proxy = null, ctr_proxy = null, fold = null
    where views_per_hour is not null;
  return query select * from mark_excluded(options, null);
end $$;

-- Exponent b of the growth curve views ~ age^b: least squares of log views on log age, both less their channel's mean
-- (regr_slope of the two, in exact sums). Views never shrink, so neither does the curve: b >= 0. Null where in every
-- channel all videos are equally old.
create or replace function growth_exponent() returns double precision language sql stable as $$
  with logs as (
    select channel_id, exact_ln(age_hours(published_at, collected_at)) as age, exact_ln(greatest(views, 1)) as views
      from thumbnails where excluded_by is null
  ), centred as (
    select age - round(avg(age) over channel, 9) as age, views - round(avg(views) over channel, 9) as views
      from logs window channel as (partition by channel_id)
  )
  select case when slope < 0 then 0 else slope end::double precision -- greatest(0, null) would be 0
    from (select round(sum(age * views) / nullif(sum(age * age), 0), 9) as slope from centred) as fitted
$$;

-- rate: views per hour; proxy = views / age_hours^b, where b is 1 for "viewsPerHour" and the growth exponent for
-- "ageAdjusted", or the rate where it is measured; percentile: mid-rank of the proxy within the channel,
-- (lower + equal / 2) / all.
create or replace function rates(exponent double precision, measured boolean)
returns table (video_id text, rate double precision, proxy double precision, percentile double precision)
language sql stable as $$
  select rated.video_id, rated.rate, rated.proxy,
      (rank() over ranking - 1 + count(*) over (ranking range between current row and current row) / 2.0)
      ::double precision / count(*) over (partition by channel_id)
    from (
      select video_id, channel_id, views / age_hours(published_at, collected_at) as rate,
          views / power(age_hours(published_at, collected_at), exponent) as proxy
        from thumbnails where excluded_by is null and not measured
      union all
      select video_id, channel_id, rate, rate from hourly(true) where measured
    ) as rated
    window ranking as (partition by channel_id order by rated.proxy)
$$;

create or replace function build_baselines(measured boolean) returns void language plpgsql as $$
begin
  delete from channel_baselines where true; -- Supabase refuses a delete of everything that does not say so
  insert into channel_baselines (channel_id, videos, mean_views_per_hour, std_views_per_hour, median_views_per_hour,
      mean_log_views_per_hour, std_log_views_per_hour, median_log_views_per_hour)
    select channel_id, count(*), avg(rate::numeric), stddev_samp(rate::numeric),
        percentile_cont(0.5) within group (order by rate), avg(log_rate), stddev_samp(log_rate),
        percentile_cont(0.5) within group (order by log_rate::double precision)
      from hourly(measured) group by channel_id;
end $$;

-- How many of `total` channels a fraction is; of three or more channels, at least one and at most `limited`.
create or replace function share(total bigint, fraction text, limited bigint) returns bigint language sql immutable as $$
  select case when total < 3 or fraction::double precision = 0 then 0
              else least(greatest(1, floor(total * fraction::double precision + 0.5)), limited) end::bigint
$$;

-- Folds by channel, drawn by the seed evenly over the niches: the first channel of every niche, then the second, and
-- so on; test takes its share first, then validation. `time` holds the latest videos of each training channel.
create or replace function folds(options jsonb) returns table (video_id text, fold text) language sql stable as $$
  with drawn as (
    select channel_id, niche, md5((options->>'seed') || ':' || channel_id) collate "C" as draw from channels
      where channel_id in (select channel_id from thumbnails where excluded_by is null)
  ), turns as (
    select channel_id, draw, row_number() over (partition by niche order by draw, channel_id) as turn from drawn
  ), places as (
    select channel_id, row_number() over (order by turn, draw, channel_id) as place, count(*) over () as total from turns
  ), shares as (
    select *, share(total, options->>'testFraction', total - 2) as tests from places
  ), sides as (
    select channel_id, case when place <= tests then 'test'
        when place <= tests + share(total, options->>'validationFraction', total - tests - 1) then 'validation'
        else 'train' end as side
      from shares
  )
  select thumbnails.video_id, case when side = 'train'
      and row_number() over (partition by channel_id order by published_at desc, thumbnails.video_id desc)
       <= floor(count(*) over (partition by channel_id) * (options->>'timeFraction')::double precision + 0.5)
      then 'time' else side end
    from thumbnails join sides using (channel_id) where excluded_by is null
$$;

-- Writes rates and folds, each row once. Returns how many videos of validation, test and time were dropped since their
-- picture occurs in another fold too.
create or replace function place_videos(options jsonb, exponent double precision, measured boolean) returns integer
language plpgsql as $$
declare
  dropped integer;
begin
  update thumbnails set views_per_hour = null, proxy = null, ctr_proxy = null, fold = null
    where excluded_by is not null and views_per_hour is not null;
  update thumbnails set views_per_hour = rates.rate, proxy = rates.proxy, ctr_proxy = rates.percentile, fold = folds.fold
    from rates(exponent, measured) join folds(options) using (video_id) where thumbnails.video_id = rates.video_id;
  perform refresh_statistics(); -- or the planner takes every fold to be null and searches the pictures anew for each video

  with shared as materialized (
    select picture_sha256 from thumbnails where fold is not null
      group by picture_sha256 having min(fold) <> max(fold)
  )
  update thumbnails set fold = null, excluded_by = 'duplicate picture'
    where fold <> 'train' and picture_sha256 in (select picture_sha256 from shared);
  get diagnostics dropped = row_count;
  return dropped;
end $$;

-- Pairs of one channel and fold, published at most windowDays apart; the winner has the higher proxy, equal ones make
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
            and loser.channel_id = side.channel_id and loser.fold = side.fold
          order by case when cap is not null then md5(seed || ':' || winner.video_id || ':' || loser.video_id) end
            collate "C"
          limit cap
      ) as drawn;
  update channel_baselines set pairs = counted.pairs
    from (select channel_id, count(*) as pairs from training_pairs group by channel_id) as counted
    where counted.channel_id = channel_baselines.channel_id;
end $$;

-- All of the above in one transaction. `options`: {quality, pairs, splits, seed} as lib/config.ts has them. Returns the
-- report of lib/store/report.ts.
create or replace function rebuild(options jsonb) returns table (report jsonb) language plpgsql
set work_mem = '64MB' set jit = off set statement_timeout = '10min' as $$
declare
  seeded jsonb := jsonb_build_object('seed', options->'seed');
  measured boolean := options->'pairs'->>'proxy' = 'snapshots';
  quality jsonb;
  growth double precision;
  exponent double precision := 1;
  dropped integer;
  folds jsonb;
begin
  perform refresh_statistics(); -- after a large import the planner knows nothing of it yet
  perform measure_rates(options->'pairs');
  select jsonb_agg(outcome) into quality
    from mark_excluded(options->'quality', case when measured then options->'pairs' end) as outcome;
  growth := growth_exponent();
  if options->'pairs'->>'proxy' = 'ageAdjusted' then exponent := coalesce(growth, 1); end if;
  perform build_baselines(measured);
  dropped := place_videos((options->'splits') || seeded, exponent, measured);
  perform build_pairs((options->'pairs') || seeded);
  select jsonb_object_agg(fold, jsonb_build_object('channels', channels, 'videos', videos, 'pairs', coalesce(pairs, 0)))
    into folds
    from (select fold, count(distinct channel_id) as channels, count(*) as videos from thumbnails
            where fold is not null group by fold) as held
    left join (select fold, count(*) as pairs from training_pairs group by fold) as paired using (fold);
  return query select jsonb_build_object(
    'videos', (select count(*) from thumbnails),
    'kept', (select count(*) from thumbnails where excluded_by is null or excluded_by = 'duplicate picture'),
    'quality', quality, 'folds', coalesce(folds, '{}'), 'duplicatePictures', dropped,
    'growthExponent', growth);
end $$;

-- Pairs of one fold (`side`), or of all where it is null, by channel, fold, winner and loser.
create or replace function pairs_after(side text, after bigint, size integer)
returns table (pair_id double precision, winner_id text, loser_id text, channel_id text, fold text,
  margin double precision)
language sql stable as $$
  select pair_id, winner_id, loser_id, channel_id, fold, margin from training_pairs
    where pair_id > after and (side is null or fold = side) order by training_pairs.pair_id limit size
$$;
