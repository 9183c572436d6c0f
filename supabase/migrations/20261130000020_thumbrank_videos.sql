-- Videos: how they are written and read.

-- A write that changes nothing is none: counts stay honest and a rebuild writes only what differs.
create or replace trigger unchanged before update on thumbnails
  for each row execute function suppress_redundant_updates_trigger();

-- A vector of a picture or title that is no more is forgotten.
create or replace function forget_embeddings() returns trigger language plpgsql as $$
begin
  delete from embeddings using encoder_identities as identity
    where embeddings.video_id = new.video_id and identity.identity_id = embeddings.identity_id
      and case identity.kind when 'text' then old.title is distinct from new.title
                             else old.picture_sha256 is distinct from new.picture_sha256 end;
  return null;
end $$;
create or replace trigger forget_embeddings after update of title, picture_sha256 on thumbnails
  for each row when (old.title is distinct from new.title or old.picture_sha256 is distinct from new.picture_sha256)
  execute function forget_embeddings();

-- Columns that programs write, so that a column added by a migration needs no other change: all but those of `rebuild`.
create or replace function written_columns(of_table regclass) returns table (column_name text, is_key boolean)
language sql stable as $$
  select quote_ident(attname), attnum = any (indkey)
    from pg_attribute join pg_index on indrelid = attrelid and indisprimary
    where attrelid = of_table and attnum > 0 and not attisdropped
      and attname <> all ('{excluded_by, views_per_hour, proxy, ctr_proxy, fold}')
    order by attnum
$$;

-- Upserts an array of objects whose keys are columns of channels and thumbnails; no video may occur in it twice.
-- The newer `collected_at` wins, with what it does not say kept; every reading goes to view_snapshots.
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
    string_agg(format('%1$s = coalesce(excluded.%1$s, known.%1$s)', column_name), ', ') filter (where not is_key))
    from written_columns('thumbnails')) into inserted, updated using batch;

  insert into view_snapshots as known (video_id, collected_at, views)
    select video_id, collected_at, views from jsonb_populate_recordset(null::view_snapshots, batch) order by video_id
    on conflict (video_id, collected_at) do update set views = excluded.views where known.views <> excluded.views;
end $$;

create or replace function count_videos() returns table (videos double precision) language sql stable
  as $$ select count(*)::double precision from thumbnails $$;

-- Videos with all columns of theirs and of their channels; where both have one of a name, the video's comes last and counts.
create or replace function videos_after(after text, size integer) returns table (video json) language sql stable as $$
  select row_to_json(both_of) from (
    select channels.*, thumbnails.* from thumbnails join channels using (channel_id)
      where video_id > after order by video_id limit size) as both_of
$$;

-- Videos that `rebuild` put in a fold.
create or replace function rated_videos_after(after text, size integer) returns table (video json)
language sql stable as $$
  select row_to_json(both_of) from (
    select channels.*, thumbnails.* from thumbnails join channels using (channel_id)
      where fold is not null and video_id > after order by video_id limit size) as both_of
$$;

create or replace function channels_after(after text, size integer)
returns table (channel_id text, title text, niche text, subscribers double precision, videos double precision)
language sql stable as $$
  select channel_id, channel_title, niche, subscribers,
      (select count(*) from thumbnails where thumbnails.channel_id = channels.channel_id)
    from channels where channel_id > after order by channel_id limit size
$$;
