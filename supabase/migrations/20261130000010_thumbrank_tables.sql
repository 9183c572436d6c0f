-- Tables of videos, what is built of them, and vectors.

create table if not exists channels (
  channel_id text collate "C" primary key,
  channel_title text,
  niche text collate "C",
  subscribers bigint,
  collected_at timestamptz not null
);

-- The videos. The last five columns are built from the others: see `rebuild`.
create table if not exists thumbnails (
  video_id text collate "C" primary key,
  channel_id text collate "C" not null references channels,
  title text not null,
  published_at timestamptz not null,
  collected_at timestamptz not null,
  views bigint not null check (views >= 0),
  duration_seconds double precision check (duration_seconds >= 0),
  likes bigint check (likes >= 0),
  comments bigint check (comments >= 0),
  subscribers bigint check (subscribers >= 0),
  language text,
  picture_sha256 text collate "C" check (picture_sha256 ~ '^[0-9a-f]{64}$'),
  picture_format text check (picture_format in ('jpeg', 'png', 'webp')),
  true_ctr double precision check (true_ctr between 0 and 1),
  excluded_by text,
  views_per_hour double precision,
  proxy double precision,
  ctr_proxy double precision,
  fold text collate "C" check (fold in ('train', 'validation', 'test', 'time')),
  check ((picture_sha256 is null) = (picture_format is null))
) with (fillfactor = 70); -- room for updates in place
create index if not exists thumbnails_by_channel on thumbnails (channel_id, published_at);

-- Every reading of a video's views.
create table if not exists view_snapshots (
  video_id text collate "C" not null references thumbnails on delete cascade,
  collected_at timestamptz not null,
  views bigint not null check (views >= 0),
  primary key (video_id, collected_at)
);

-- What is usual in a channel, of the videos that the quality rules left.
create table if not exists channel_baselines (
  channel_id text collate "C" primary key references channels on delete cascade,
  videos integer not null,
  pairs integer not null default 0,
  mean_views_per_hour double precision not null,
  std_views_per_hour double precision, -- of a sample; null of one video, as below
  median_views_per_hour double precision not null,
  mean_log_views_per_hour double precision not null,
  std_log_views_per_hour double precision,
  median_log_views_per_hour double precision not null
);

-- No foreign keys: `rebuild` writes all of it in one transaction, and millions of checks would double its time.
create table if not exists training_pairs (
  pair_id bigint primary key, -- 1, 2, ... by channel, fold, winner, loser
  winner_id text collate "C" not null,
  loser_id text collate "C" not null,
  channel_id text collate "C" not null,
  fold text collate "C" not null,
  margin double precision not null check (margin > 0 and margin <= 1)
);

create table if not exists encoder_identities (
  identity_id integer generated always as identity primary key,
  kind text not null check (kind in ('image', 'text')),
  model text not null,
  revision text not null,
  preprocessing text not null,
  normalisation text not null,
  dimensions integer not null check (dimensions > 0),
  unique (kind, model, revision, preprocessing, normalisation, dimensions)
);

-- `embedding_bytes` reads a vector in the type's binary form, many times faster than its text.
do $$
declare
  has_vector boolean := to_regtype('vector') is not null;
begin
  execute format(
    'create table if not exists embeddings (
       identity_id integer not null references encoder_identities,
       video_id text collate "C" not null references thumbnails on delete cascade,
       embedding %s not null,
       primary key (identity_id, video_id)
     )', case when has_vector then 'vector' else 'real[]' end);
  select atttypid = to_regtype('vector') into has_vector -- pgvector may have come after the table
    from pg_attribute where attrelid = 'embeddings'::regclass and attname = 'embedding';
  execute format(
    'create or replace function embedding_bytes(row_of embeddings) returns bytea language sql stable
       as ''select %s(row_of.embedding)''', case when has_vector then 'vector_send' else 'array_send' end);
end $$;

create table if not exists model_evaluations (
  model text collate "C" not null,
  evaluated_at timestamptz not null,
  data_hash text not null,
  metrics jsonb not null,
  primary key (model, evaluated_at)
);

-- Units of the Data API's quota spent on one day (Pacific time) by one method.
create table if not exists quota_ledger (
  day date not null,
  method text collate "C" not null,
  units integer not null check (units >= 0),
  primary key (day, method)
);
