-- What the Data API gave is refreshed or deleted: videos that a collection read, and nothing that was imported. Every
-- function does a bounded piece, so that none takes long however many rows there are; its caller repeats it.

-- Deleting a video finds its vectors by it.
create index if not exists embeddings_by_video on embeddings (video_id);
create index if not exists collect_videos_read on collect_videos (read_at) where state in ('stored', 'skipped');
create index if not exists collect_videos_gone on collect_videos (video_id) where state = 'removed';

-- Pictures that purged videos left behind, until their files are deleted.
create table if not exists orphaned_pictures (
  picture_sha256 text collate "C" primary key,
  picture_format text not null
);

----------------------------------------------------------------------------------------------------------- Refresh

create or replace function stale_videos_after(before timestamptz, after text, size integer)
returns table (video_id text) language sql stable as $$
  select video_id from collect_videos where state = 'stored' and read_at < before and video_id > after
    order by collect_videos.video_id limit size
$$;

create or replace function count_stale_videos(before timestamptz) returns table (stale double precision)
language sql stable as $$
  select count(*)::double precision from collect_videos where state = 'stored' and read_at < before
$$;

-- batch and absent as save_readings takes them. Of two programs that read the same videos the first one's reading
-- counts: the second waits for the rows and finds them read.
create or replace function save_refreshed(before timestamptz, batch jsonb, absent jsonb)
returns table (saved integer) language plpgsql as $$
declare
  stale jsonb;
  fresh jsonb;
begin
  select coalesce(jsonb_object_agg(video_id, true), '{}') into stale from (
    select video_id from collect_videos
      where state = 'stored' and read_at < before and video_id in (
        select given ->> 'video_id' from jsonb_array_elements(batch || absent) as given)
      order by collect_videos.video_id for update) as locked;
  select coalesce(jsonb_agg(reading), '[]') into fresh
    from jsonb_array_elements(batch) as reading where stale ? (reading ->> 'video_id');
  update collect_videos as known
    set read_at = (reading ->> 'collected_at')::timestamptz, thumbnail_urls = reading -> 'thumbnail_urls'
    from jsonb_array_elements(fresh) as reading where known.video_id = reading ->> 'video_id';
  perform upsert_videos(fresh);
  saved := jsonb_array_length(fresh) + mark_absent('stored', (
    select coalesce(jsonb_agg(gone), '[]') from jsonb_array_elements(absent) as gone
      where stale ? (gone ->> 'video_id')));
  return next;
end $$;

-- Accepted channels whose details were not read since, or were purged.
create or replace function stale_channels_after(before timestamptz, after text, size integer)
returns table (channel_id text) language sql stable as $$
  select channel_id from collect_channels
    where state = 'accepted' and (read_at is null or read_at < before) and channel_id > after
    order by collect_channels.channel_id limit size
$$;

create or replace function count_stale_channels(before timestamptz) returns table (stale double precision)
language sql stable as $$
  select count(*)::double precision from collect_channels
    where state = 'accepted' and (read_at is null or read_at < before)
$$;

-- batch: [{channel_id, title, subscribers, read_at}]; of a channel that is gone title and subscribers are null.
create or replace function save_refreshed_channels(before timestamptz, batch jsonb)
returns table (saved integer) language plpgsql as $$
begin
  update collect_channels as known
    set title = fresh.title, subscribers = fresh.subscribers, read_at = fresh.read_at
    from jsonb_populate_recordset(null::collect_channels, batch) as fresh
    where known.channel_id = fresh.channel_id and known.state = 'accepted'
      and (known.read_at is null or known.read_at < before);
  get diagnostics saved = row_count;
  return next;
end $$;

------------------------------------------------------------------------------------------------------------- Purge

-- Whether a video must go: read too long ago, or removed by its owner or YouTube. What a collection never stored, but
-- an import may have, has no `read_at`.
create or replace function purgeable(known collect_videos, before timestamptz) returns boolean language sql immutable
  as $$ select known.state in ('stored', 'skipped') and known.read_at < before
            or known.state = 'removed' and known.read_at is not null $$;

-- What a purge would delete, in the terms of lib/store/retention.ts.
create or replace function purge_preview(before timestamptz)
returns table (stale double precision, removed double precision, channels double precision, readings double precision,
  vectors double precision, pairs double precision, pictures double precision)
language sql stable set work_mem = '64MB' set statement_timeout = '10min' as $$
  with doomed as materialized (
    select video_id, state, channel_id, picture_sha256
      from collect_videos as known join thumbnails using (video_id, channel_id) where purgeable(known, before)
  ), kept as (
    select channel_id, picture_sha256 from thumbnails
      where not exists (select from doomed where doomed.video_id = thumbnails.video_id)
  )
  select count(*) filter (where state <> 'removed'), count(*) filter (where state = 'removed'),
      (select count(distinct channel_id) from doomed
         where not exists (select from kept where kept.channel_id = doomed.channel_id)),
      (select count(*) from view_snapshots join doomed using (video_id)),
      (select count(*) from embeddings join doomed using (video_id)),
      (select count(*) from training_pairs
         left join doomed as winner on winner.video_id = winner_id left join doomed as loser on loser.video_id = loser_id
         where winner.video_id is not null or loser.video_id is not null),
      (select count(distinct picture_sha256) from doomed
         where not exists (select from kept where kept.picture_sha256 = doomed.picture_sha256))
    from doomed
$$;

-- Of the `size` pairs after `after` deletes those that name a video which must go. `last` is null after the last pair.
create or replace function purge_pairs(before timestamptz, after bigint, size integer)
returns table (pairs double precision, last double precision) language sql set work_mem = '64MB' as $$
  with page as materialized (
    select pair_id, winner_id, loser_id from training_pairs where pair_id > after order by pair_id limit size
  ), doomed as materialized (
    select video_id from collect_videos as known where purgeable(known, before)
  ), gone as (
    delete from training_pairs using page
      left join doomed as winner on winner.video_id = page.winner_id
      left join doomed as loser on loser.video_id = page.loser_id
      where training_pairs.pair_id = page.pair_id and (winner.video_id is not null or loser.video_id is not null)
      returning 1
  )
  select (select count(*) from gone), (select max(pair_id) from page)
$$;

-- Deletes `size` videos that must go with all that hangs on them, and notes the pictures they leave. Call purge_pairs
-- first; call it until it finds none.
create or replace function purge_videos(before timestamptz, size integer)
returns table (stale double precision, removed double precision, channels double precision, readings double precision,
  vectors double precision)
language plpgsql as $$
declare
  doomed text[];
  owners text[];
begin
  select coalesce(array_agg(video_id), '{}'), count(*) filter (where state <> 'removed'),
      count(*) filter (where state = 'removed')
    into doomed, purge_videos.stale, purge_videos.removed
    from (select video_id, state from collect_videos as known where purgeable(known, before)
            limit size for update skip locked) as locked;
  update collect_videos set state = 'purged', read_at = null, thumbnail_urls = '[]', picture_refusal = null
    where video_id = any (doomed);

  delete from embeddings where video_id = any (doomed);
  get diagnostics purge_videos.vectors = row_count;
  delete from view_snapshots where video_id = any (doomed);
  get diagnostics purge_videos.readings = row_count;
  with gone as (
    delete from thumbnails where video_id = any (doomed) returning channel_id, picture_sha256, picture_format
  ), noted as ( -- those that other videos still have are left out by orphaned_pictures_after
    insert into orphaned_pictures (picture_sha256, picture_format)
      select distinct on (picture_sha256) picture_sha256, picture_format from gone where picture_sha256 is not null
      on conflict do nothing
  )
  select array_agg(distinct channel_id) into owners from gone;

  delete from channels where channel_id = any (owners)
    and not exists (select from thumbnails where thumbnails.channel_id = channels.channel_id);
  get diagnostics purge_videos.channels = row_count;
  return next;
end $$;

-- The end of a purge: what the Data API told of channels and is older than allowed goes, of refused ones too (ids stay,
-- so that nothing is asked twice), and notes of pictures that other videos still have.
create or replace function finish_purge(before timestamptz) returns void language sql as $$
  update collect_channels set title = null, subscribers = null, read_at = null where read_at < before;
  delete from orphaned_pictures as orphan
    where exists (select from thumbnails where thumbnails.picture_sha256 = orphan.picture_sha256);
$$;

-- Videos that a purge took and nothing brought back, by id: files may hold something of them.
create or replace function purged_videos_after(after text, size integer) returns table (video_id text)
language sql stable as $$
  select video_id from collect_videos where state = 'purged' and video_id > after
      and not exists (select from thumbnails where thumbnails.video_id = collect_videos.video_id)
    order by collect_videos.video_id limit size
$$;

---------------------------------------------------------------------------------------------------------- Pictures

-- A picture that a video has again is no orphan.
create or replace function orphaned_pictures_after(after text, size integer)
returns table (picture_sha256 text, picture_format text) language sql stable as $$
  select picture_sha256, picture_format from orphaned_pictures as orphan
    where picture_sha256 > after
      and not exists (select from thumbnails where thumbnails.picture_sha256 = orphan.picture_sha256)
    order by orphan.picture_sha256 limit size
$$;

-- batch: [sha256]
create or replace function forget_orphans(batch jsonb) returns void language sql as $$
  delete from orphaned_pictures where picture_sha256 in (select jsonb_array_elements_text(batch))
$$;
