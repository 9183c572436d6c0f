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

-- Upserts an array of objects whose keys are columns of channels and thumbnails; no video may occur in it twice.
-- The newer `collected_at` wins, with what it does not say kept; every reading goes to view_snapshots.
create or replace function upsert_videos(batch jsonb, out inserted integer, out updated integer)
language plpgsql as $$
begin
  insert into channels as known (channel_id, channel_title, niche, subscribers, collected_at)
    select channel_id,
        (array_agg(channel_title order by collected_at desc, channel_title) filter (where channel_title is not null))[1],
        (array_agg(niche order by collected_at desc, niche) filter (where niche is not null))[1],
        (array_agg(subscribers order by collected_at desc, subscribers) filter (where subscribers is not null))[1],
        max(collected_at)
      from jsonb_populate_recordset(null::channels, batch) group by channel_id order by channel_id
    on conflict (channel_id) do update set
      channel_title = coalesce(excluded.channel_title, known.channel_title),
      niche = coalesce(excluded.niche, known.niche),
      subscribers = coalesce(excluded.subscribers, known.subscribers),
      collected_at = excluded.collected_at
      where excluded.collected_at >= known.collected_at;

  with written as (
    insert into thumbnails as known (video_id, channel_id, title, published_at, collected_at, views, duration_seconds,
        likes, comments, subscribers, language, picture_sha256, picture_format, true_ctr)
      select video_id, channel_id, title, published_at, collected_at, views, duration_seconds,
          likes, comments, subscribers, language, picture_sha256, picture_format, true_ctr
        from jsonb_populate_recordset(null::thumbnails, batch) order by video_id
      on conflict (video_id) do update set
        channel_id = excluded.channel_id,
        title = excluded.title,
        published_at = excluded.published_at,
        collected_at = excluded.collected_at,
        views = excluded.views,
        duration_seconds = coalesce(excluded.duration_seconds, known.duration_seconds),
        likes = coalesce(excluded.likes, known.likes),
        comments = coalesce(excluded.comments, known.comments),
        subscribers = coalesce(excluded.subscribers, known.subscribers),
        language = coalesce(excluded.language, known.language),
        picture_sha256 = coalesce(excluded.picture_sha256, known.picture_sha256),
        picture_format = coalesce(excluded.picture_format, known.picture_format),
        true_ctr = coalesce(excluded.true_ctr, known.true_ctr)
        where excluded.collected_at >= known.collected_at
      returning xmax = 0 as is_new
  )
  select count(*) filter (where is_new), count(*) filter (where not is_new) into inserted, updated from written;

  insert into view_snapshots as known (video_id, collected_at, views)
    select video_id, collected_at, views from jsonb_populate_recordset(null::view_snapshots, batch) order by video_id
    on conflict (video_id, collected_at) do update set views = excluded.views where known.views <> excluded.views;
end $$;

create or replace function count_videos() returns table (videos double precision) language sql stable
  as $$ select count(*)::double precision from thumbnails $$;

create or replace function videos_after(after text, size integer)
returns table (video_id text, channel_id text, channel_title text, title text, published_at timestamptz,
  collected_at timestamptz, views double precision, duration_seconds double precision, likes double precision,
  comments double precision, subscribers double precision, language text, niche text, picture_sha256 text,
  picture_format text, true_ctr double precision)
language sql stable as $$
  select video_id, channel_id, channel_title, title, published_at, thumbnails.collected_at, views, duration_seconds,
      likes, comments, thumbnails.subscribers, language, niche, picture_sha256, picture_format, true_ctr
    from thumbnails join channels using (channel_id)
    where video_id > after order by video_id limit size
$$;

-- Videos that `rebuild` put in a fold.
create or replace function rated_videos_after(after text, size integer)
returns table (video_id text, channel_id text, channel_title text, title text, published_at timestamptz,
  collected_at timestamptz, views double precision, duration_seconds double precision, likes double precision,
  comments double precision, subscribers double precision, language text, niche text, picture_sha256 text,
  picture_format text, true_ctr double precision, fold text, views_per_hour double precision, proxy double precision,
  ctr_proxy double precision)
language sql stable as $$
  select video_id, channel_id, channel_title, title, published_at, thumbnails.collected_at, views, duration_seconds,
      likes, comments, thumbnails.subscribers, language, niche, picture_sha256, picture_format, true_ctr, fold,
      views_per_hour, proxy, ctr_proxy
    from thumbnails join channels using (channel_id)
    where fold is not null and video_id > after order by video_id limit size
$$;

create or replace function channels_after(after text, size integer)
returns table (channel_id text, title text, niche text, subscribers double precision, videos double precision)
language sql stable as $$
  select channel_id, channel_title, niche, subscribers,
      (select count(*) from thumbnails where thumbnails.channel_id = channels.channel_id)
    from channels where channel_id > after order by channel_id limit size
$$;
