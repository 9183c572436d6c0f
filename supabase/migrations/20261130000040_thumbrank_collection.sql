-- What a collection from the Data API remembers, and the quota it spends. Every function changes only what still stands
-- where its caller found it, so that work done twice has its effect once.

create table if not exists collect_searches (
  niche text collate "C" not null,
  query text collate "C" not null,
  page integer not null,
  next_page_token text,
  channel_ids jsonb not null,
  primary key (niche, query, page)
);

create table if not exists collect_channels (
  channel_id text collate "C" primary key,
  place integer not null unique, -- 1, 2, ... in the order in which searches found it
  niche text collate "C" not null,
  state text not null default 'found' check (state in ('found', 'accepted', 'rejected')),
  reason text,
  title text,
  subscribers bigint,
  uploads text,
  read_at timestamptz,
  listed integer not null default 0,
  next_page_token text,
  listing_ended text
);
alter table collect_channels add column if not exists listing_refused text; -- why the last attempt went no further

create table if not exists collect_videos (
  video_id text collate "C" primary key,
  channel_id text collate "C" not null references collect_channels,
  state text collate "C" not null default 'listed'
    check (state in ('listed', 'stored', 'skipped', 'removed', 'purged')),
  reason text,
  read_at timestamptz, -- when the API last gave what is stored of it; null where nothing is
  thumbnail_urls jsonb not null default '[]',
  picture_refusal text
) with (fillfactor = 80);
create index if not exists collect_videos_by_channel on collect_videos (channel_id);
create index if not exists collect_videos_listed on collect_videos (video_id) where state = 'listed';

-- Units spent on one Pacific day, by bucket and method. The totals by which calls are granted are the day's rows of
-- quota_days, so that programs on many machines spend from one row.
create table if not exists quota_days (
  day date not null,
  bucket text collate "C" not null check (bucket in ('search', 'units')),
  units integer not null default 0 check (units >= 0),
  exhausted boolean not null default false,
  primary key (day, bucket)
);

------------------------------------------------------------------------------------------------------------- Quota

-- Counts a call and grants it, or does neither. spending: {day, bucket, method, units, limit}
create or replace function spend_quota(spending jsonb) returns table (granted boolean) language plpgsql as $$
declare
  spent_on date := spending ->> 'day';
  spent_from text := spending ->> 'bucket';
  cost integer := spending ->> 'units';
begin
  insert into quota_days (day, bucket) values (spent_on, spent_from) on conflict do nothing;
  update quota_days set units = quota_days.units + cost
    where day = spent_on and bucket = spent_from and not exhausted
      and quota_days.units + cost <= (spending ->> 'limit')::integer;
  granted := found;
  if granted then
    insert into quota_ledger as ledger (day, method, units) values (spent_on, spending ->> 'method', cost)
      on conflict (day, method) do update set units = ledger.units + excluded.units;
  end if;
  return next;
end $$;

create or replace function exhaust_quota(spent_on date, spent_from text) returns void language sql as $$
  insert into quota_days (day, bucket, exhausted) values (spent_on, spent_from, true)
    on conflict (day, bucket) do update set exhausted = true
$$;

create or replace function quota_spent(spent_on date)
returns table (bucket text, units integer, exhausted boolean, methods jsonb) language sql stable as $$
  select bucket, units, exhausted,
      (select coalesce(jsonb_object_agg(method, ledger.units), '{}') from quota_ledger as ledger
         where ledger.day = spent_on and (method = 'search.list') = (bucket = 'search'))
    from quota_days where day = spent_on
$$;

---------------------------------------------------------------------------------------------------------- Searches

-- page: {niche, query, page, next_page_token, channel_ids, restarts_at}. A first page with `restarts_at` takes the place of
-- the pages of a query that stands at that token; the channels they found stay.
create or replace function save_search_page(page jsonb) returns void language plpgsql as $$
declare
  of_niche text := page ->> 'niche';
  of_query text := page ->> 'query';
  restarts_at text := page ->> 'restarts_at';
begin
  lock table collect_searches in share row exclusive mode; -- places are counted on: one page at a time
  delete from collect_searches where niche = of_niche and query = of_query and restarts_at = (
    select latest.next_page_token from collect_searches as latest
      where latest.niche = of_niche and latest.query = of_query order by latest.page desc limit 1);
  insert into collect_searches select * from jsonb_populate_record(null::collect_searches, page)
    on conflict do nothing;
  if not found then return; end if;
  insert into collect_channels (channel_id, place, niche)
    select channel_id, (select count(*) from collect_channels) + row_number() over (order by first_at), page ->> 'niche'
      from (select channel_id, min(ordinality) as first_at
              from jsonb_array_elements_text(page -> 'channel_ids') with ordinality as given (channel_id, ordinality)
              group by channel_id) as answered
      where not exists (select from collect_channels as known where known.channel_id = answered.channel_id);
end $$;

create or replace function search_pages(skipped integer, size integer)
returns table (niche text, query text, page integer, next_page_token text, channel_ids jsonb)
language sql stable as $$
  select niche, query, page, next_page_token, channel_ids from collect_searches
    order by collect_searches.niche, collect_searches.query, collect_searches.page offset skipped limit size
$$;

---------------------------------------------------------------------------------------------------------- Channels

create or replace function found_channels_after(after integer, size integer)
returns table (channel_id text, niche text, place integer, state text, reason text, title text,
  subscribers double precision, uploads text, listed integer, next_page_token text, listing_ended text,
  listing_refused text)
language sql stable as $$
  select channel_id, niche, place, state, reason, title, subscribers, uploads, listed, next_page_token, listing_ended,
      listing_refused
    from collect_channels where place > after order by collect_channels.place limit size
$$;

-- batch: [{channel_id, state, reason, title, subscribers, uploads, read_at}]
create or replace function judge_channels(batch jsonb) returns void language sql as $$
  update collect_channels as known set state = judged.state, reason = judged.reason, title = judged.title,
      subscribers = judged.subscribers, uploads = judged.uploads, read_at = judged.read_at
    from jsonb_populate_recordset(null::collect_channels, batch) as judged
    where known.channel_id = judged.channel_id and known.state = 'found'
$$;

-- page: {channel_id, page_token, next_page_token, ended, refused, video_ids, most}. Of a channel whose listing was begun,
-- `page_token` is the token to go on with; of others it is null. Keeps the first videos that are not known yet, until `most`
-- of the channel are listed: where more are on the page, the listing stands at this page for whoever wants more of them.
-- Returns where the listing stands then, whoever brought it there.
create or replace function save_listing(page jsonb)
returns table (saved boolean, listed integer, next_page_token text, listing_ended text) language plpgsql as $$
declare
  room integer; -- null: any number
  fresh text[];
  added integer;
begin
  select (page ->> 'most')::integer - known.listed into room from collect_channels as known
    where known.channel_id = page ->> 'channel_id' and known.listing_ended is null
      and known.next_page_token is not distinct from page ->> 'page_token'
    for update;
  saved := found;
  if saved then
    select coalesce(array_agg(video_id order by first_at), '{}') into fresh
      from (select video_id, min(ordinality) as first_at
              from jsonb_array_elements_text(page -> 'video_ids') with ordinality as given (video_id, ordinality)
              group by video_id) as answered
      where not exists (select from collect_videos as known where known.video_id = answered.video_id);
    insert into collect_videos (video_id, channel_id) select video_id, page ->> 'channel_id'
      from unnest(fresh[:greatest(0, coalesce(room, cardinality(fresh)))]) as video_id on conflict do nothing;
    get diagnostics added = row_count;
    update collect_channels as known set listed = known.listed + added,
        next_page_token = case when cardinality(fresh) > room then known.next_page_token else page ->> 'next_page_token' end,
        listing_ended = case when cardinality(fresh) > room then null else page ->> 'ended' end,
        listing_refused = case when added < room or room is null then page ->> 'refused' end
      where known.channel_id = page ->> 'channel_id';
  end if;
  return query select saved, known.listed, known.next_page_token, known.listing_ended from collect_channels as known
    where known.channel_id = page ->> 'channel_id';
end $$;

------------------------------------------------------------------------------------------------------------ Videos

create or replace function listed_videos_after(after text, size integer) returns table (video_id text)
language sql stable as $$
  select video_id from collect_videos where state = 'listed' and video_id > after
    order by collect_videos.video_id limit size
$$;

-- Marks what is not to be had of collected videos that stand in `from_state`. absent: [{video_id, state, reason}]
create or replace function mark_absent(from_state text, absent jsonb) returns integer language plpgsql as $$
declare
  marked integer;
begin
  update collect_videos as known set state = gone.state, reason = gone.reason
    from jsonb_populate_recordset(null::collect_videos, absent) as gone
    where known.video_id = gone.video_id and known.state = from_state;
  get diagnostics marked = row_count;
  return marked;
end $$;

-- batch: videos as upsert_videos takes them, with thumbnail_urls
create or replace function save_readings(batch jsonb, absent jsonb) returns table (saved integer)
language plpgsql as $$
declare
  fresh jsonb;
begin
  with open as (
    update collect_videos as known set state = 'stored', read_at = (reading ->> 'collected_at')::timestamptz,
        thumbnail_urls = reading -> 'thumbnail_urls'
      from jsonb_array_elements(batch) as reading
      where known.video_id = reading ->> 'video_id' and known.state = 'listed'
      returning reading
  )
  select coalesce(jsonb_agg(reading), '[]') into fresh from open;
  perform upsert_videos(fresh);
  saved := jsonb_array_length(fresh) + mark_absent('listed', absent);
  return next;
end $$;

---------------------------------------------------------------------------------------------------------- Pictures

create or replace function wanted_pictures_after(after text, size integer)
returns table (video_id text, thumbnail_urls jsonb) language sql stable as $$
  select video_id, thumbnail_urls from collect_videos join thumbnails using (video_id)
    where state = 'stored' and picture_sha256 is null and picture_refusal is null and video_id > after
    order by collect_videos.video_id limit size
$$;

-- batch: [{video_id, picture_sha256, picture_format} or {video_id, refusal}]
create or replace function save_pictures(batch jsonb) returns void language sql as $$
  update thumbnails as known
    set picture_sha256 = outcome ->> 'picture_sha256', picture_format = outcome ->> 'picture_format'
    from jsonb_array_elements(batch) as outcome
    where known.video_id = outcome ->> 'video_id' and known.picture_sha256 is null and outcome ? 'picture_sha256';
  update collect_videos as known set picture_refusal = outcome ->> 'refusal'
    from jsonb_array_elements(batch) as outcome
    where known.video_id = outcome ->> 'video_id' and known.picture_refusal is null and outcome ? 'refusal';
$$;

create or replace function collection_counts() returns table (counts jsonb) language sql stable as $$
  select jsonb_build_object(
    'searches', (select count(*) from collect_searches),
    'channels', (select jsonb_build_object('found', count(*) filter (where state = 'found'),
        'accepted', count(*) filter (where state = 'accepted'), 'rejected', count(*) filter (where state = 'rejected'))
      from collect_channels),
    'niches', (select coalesce(jsonb_object_agg(niche, accepted), '{}') from (
        select niche, count(*) as accepted from collect_channels where state = 'accepted' group by niche) as counted),
    'videos', (select jsonb_build_object('listed', count(*) filter (where state = 'listed'),
        'stored', count(*) filter (where state = 'stored'), 'skipped', count(*) filter (where state = 'skipped'),
        'removed', count(*) filter (where state = 'removed'), 'purged', count(*) filter (where state = 'purged'))
      from collect_videos),
    'pictures', (select jsonb_build_object(
        'wanted', count(*) filter (where picture_sha256 is null and picture_refusal is null),
        'kept', count(*) filter (where picture_sha256 is not null),
        'refused', count(*) filter (where picture_sha256 is null and picture_refusal is not null))
      from collect_videos join thumbnails using (video_id) where state = 'stored'))
$$;

-- Why channels were rejected, videos left out and pictures refused, and how many each.
create or replace function collection_refusals() returns table (kind text, reason text, refused integer)
language sql stable as $$
  select 'channels', reason, count(*)::integer from collect_channels where state = 'rejected' group by reason
  union all
  select 'videos', reason, count(*)::integer from collect_videos where state in ('skipped', 'removed') group by reason
  union all
  select 'pictures', picture_refusal, count(*)::integer from collect_videos
    where state = 'stored' and picture_refusal is not null group by picture_refusal
  order by 1, 3 desc, 2
$$;
