-- Folds are drawn before anything is known of how well a video did. So no evaluation video is left out for its own
-- views: outliers are left out of training alone.

alter table thumbnails add column residual double precision;
alter table thumbnails add column ctr_neighbours double precision;

create or replace function written_columns(of_table regclass) returns table (column_name text, is_key boolean)
language sql stable as $$
  select quote_ident(attname), attnum = any (indkey)
    from pg_attribute join pg_index on indrelid = attrelid and indisprimary
    where attrelid = of_table and attnum > 0 and not attisdropped
      and attname <> all ('{excluded_by, views_per_hour, proxy, ctr_proxy, fold, residual, ctr_neighbours}')
    order by attnum
$$;

-- The quality rules that need no label, each on what the rules before it left. A rule whose column (`reads`) is null for
-- every video left is not applied; where it is null for some, they are kept and counted. Where rates are measured
-- (`measured` are the options of pairs then, else null), a video without one is excluded too.
create or replace function mark_excluded(options jsonb, measured jsonb)
returns table (rule text, removed integer, applied boolean, note text)
language plpgsql as $$
declare
  newest timestamptz := (select max(collected_at) from thumbnails);
  reads text;
  fails text; -- condition; $1 is `options`, $2 is `newest`
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
       select from snapshot_rates where snapshot_rates.video_id = thumbnails.video_id) $f$)
  loop
    continue when rule = 'no readings at that age' and measured is null;
    execute format('select count(*), count(*) filter (where %s is null) from thumbnails where excluded_by is null', reads)
      into remaining, missing;
    applied := missing < remaining or remaining = 0;
    note := case when not applied then format('no video says its %s', rule)
                 when missing > 0 then format('%s of %s videos do not say their %s and were kept', missing, remaining, rule)
            end;
    execute format('update thumbnails set excluded_by = %L where excluded_by is null and %s', rule, fails)
      using options, newest;
    get diagnostics removed = row_count;
    if rule = 'no readings at that age' then
      note := format('measured between ages of %s and %s hours: a video needs a reading at or before the first and one at '
        'or after the second', measured->>'snapshotFromHours', measured->>'snapshotToHours');
    end if;
    return next;
  end loop;
end $$;

-- Writes the folds of the videos that the rules left.
create or replace function draw_folds(options jsonb) returns void language plpgsql as $$
begin
  update thumbnails set fold = null where excluded_by is not null and fold is not null;
  update thumbnails set fold = folds.fold from folds(options) where thumbnails.video_id = folds.video_id;
  perform refresh_statistics(); -- or the planner takes every fold to be null and searches each video's neighbours and pictures one by one
end $$;

-- The last rule: a training video far from the mean of its channel's training videos, in log views per hour.
create or replace function mark_outliers(options jsonb, measured boolean)
returns table (rule text, removed integer, applied boolean, note text) language plpgsql as $$
begin
  update thumbnails set excluded_by = 'outlier', fold = null
    from (
      select video_id, log_rate, avg(log_rate) over channel as mean, stddev_samp(log_rate) over channel as deviation
        from hourly(measured) join (select video_id, fold from thumbnails) as placed using (video_id) where fold = 'train'
        window channel as (partition by channel_id)) as rated
    where thumbnails.video_id = rated.video_id
      and abs(log_rate - mean) > (options->>'maxDeviations')::numeric * deviation;
  get diagnostics removed = row_count;
  rule := 'outlier';
  applied := true;
  note := 'of the training videos: an evaluation video is never left out for its own views';
  return next;
end $$;

-- A picture of several folds stays in training alone. Returns how many evaluation videos that cost.
create or replace function drop_shared_pictures() returns integer language plpgsql as $$
declare
  dropped integer;
begin
  with shared as materialized (
    select picture_sha256 from thumbnails where fold is not null
      group by picture_sha256 having min(fold) <> max(fold)
  )
  update thumbnails set fold = null, excluded_by = 'duplicate picture'
    where fold <> 'train' and picture_sha256 in (select picture_sha256 from shared);
  get diagnostics dropped = row_count;
  return dropped;
end $$;
