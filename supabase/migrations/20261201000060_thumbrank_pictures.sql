-- The rule "no picture" can be left out, so that labels can be studied on metadata alone.

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
    continue when rule = 'no readings at that age' and measured is null
      or rule = 'no picture' and options->>'requirePicture' = 'false';
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
