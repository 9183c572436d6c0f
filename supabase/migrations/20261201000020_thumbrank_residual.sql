-- The residual: log views less the channel's trend in time and log age. docs/LABELS.md has the formula and what it measures.

create table channel_trends (
  channel_id text collate "C" primary key references channels on delete cascade,
  videos integer not null, -- that it was fitted on
  level numeric not null, -- log views of a video published at the start of 2020, an hour old
  per_year numeric not null, -- growth of log views a year; 0 where too few videos tell
  age_exponent numeric not null -- growth of log views with log age: of all training channels together
);

-- What a trend is fitted on and says something of: years since the start of 2020, log age in hours, log views.
create or replace function trend_points()
returns table (video_id text, channel_id text, fold text, years numeric, age numeric, views numeric)
language sql stable as $$
  select video_id, channel_id, fold, round((extract(epoch from published_at)::numeric - 1577836800) / 31557600, 9),
      exact_ln(age_hours(published_at, collected_at)), exact_ln(greatest(views, 1))
    from thumbnails where fold is not null or excluded_by = 'duplicate picture'
$$;

-- Weighted least squares of log views on years and log age, once: weights are 1 within twice the median distance from
-- the trend fitted before, and fall with the distance beyond (Huber's, at 1.35 deviations). A channel has its own level and growth;
-- a growth takes five videos, published over hours at least. One exponent of age serves all, since within a channel read
-- on one day age and time are all but the same: what age tells beyond time (Frisch-Waugh) is summed over the training
-- channels. The 1 beside that sum keeps the exponent near 0 where nothing tells them apart; views never shrink, so
-- neither does it.
create or replace function fit_trends_once() returns void language sql as $$
  with points as (
    select channel_id, fold, years, age, trend_points.views,
        round(abs(trend_points.views - level - per_year * years - age_exponent * age), 9) as distance
      from trend_points() left join channel_trends using (channel_id) where fold <> 'time'
  ), limits as (
    select channel_id,
        greatest(2 * round(percentile_cont(0.5) within group (order by distance::double precision)::numeric, 9), 0.01) as near
      from points group by channel_id
  ), weighted as (
    select points.*, case when distance > near then round(near / distance, 9) else 1 end as w
      from points join limits using (channel_id)
  ), sums as (
    select channel_id, min(fold) = 'train' as trains, count(*) as videos, sum(w) as w,
        sum(w * years) / sum(w) as t, sum(w * age) / sum(w) as a, sum(w * views) / sum(w) as y,
        sum(w * years * years) as tt, sum(w * years * age) as ta, sum(w * years * views) as ty,
        sum(w * age * age) as aa, sum(w * age * views) as ay
      from weighted group by channel_id
  ), centred as (
    select channel_id, trains, videos, t, a, y, ta - w * t * a as ta, ty - w * t * y as ty, aa - w * a * a as aa,
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
  insert into channel_trends (channel_id, videos, level, per_year, age_exponent)
    select channel_id, videos, round(y - growth * t - exponent * a, 9), growth, exponent from grown
    on conflict (channel_id) do update
      set level = excluded.level, per_year = excluded.per_year, age_exponent = excluded.age_exponent
$$;

-- A training channel's trend is fitted on its training videos and extended to its later ones; other channels have theirs
-- of their own videos. Ten rounds bring it within a hundredth of where more would.
create or replace function fit_trends() returns void language plpgsql as $$
begin
  delete from channel_trends where true;
  for times in 1..10 loop
    perform fit_trends_once();
  end loop;
end $$;

-- A channel that has no training video has no trend: there the residual is log views.
create or replace function residuals() returns table (video_id text, channel_id text, fold text, residual numeric)
language sql stable as $$
  select video_id, channel_id, fold,
      round(points.views - coalesce(level + per_year * years + age_exponent * age, 0), 9)
    from trend_points() as points left join channel_trends using (channel_id)
$$;
