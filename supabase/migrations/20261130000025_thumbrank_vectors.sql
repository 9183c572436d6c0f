-- Vectors of videos under the identities of their encoders, and evaluations of models.

create or replace function identity_of(identity jsonb) returns table (identity_id integer) language plpgsql as $$
#variable_conflict use_column
declare
  given encoder_identities := jsonb_populate_record(null::encoder_identities, identity);
begin
  insert into encoder_identities (kind, model, revision, preprocessing, normalisation, dimensions)
    values (given.kind, given.model, given.revision, given.preprocessing, given.normalisation, given.dimensions)
    on conflict do nothing;
  return query select known.identity_id from encoder_identities as known
    where (known.kind, known.model, known.revision, known.preprocessing, known.normalisation, known.dimensions)
        = (given.kind, given.model, given.revision, given.preprocessing, given.normalisation, given.dimensions);
end $$;

-- `batch`: [{video_id, vector, content}], the vector as an array's text, such as "{0.5,-1}"; no video may occur in it
-- twice. `content` is the title, or the picture's SHA-256, that was encoded: a vector of what the video no longer has is
-- not stored. Where it is left out, nobody asks.
create or replace function save_embeddings(identity integer, batch jsonb) returns void language sql as $$
  with given as (
    select row ->> 'video_id' as video_id, (row ->> 'vector')::real[] as vector, row ->> 'content' as content
      from jsonb_array_elements(batch) as row
  ), now_of as ( -- locked, so that a video changes before or after: see `forget_embeddings`
    select thumbnails.video_id, title, picture_sha256 from thumbnails
      where thumbnails.video_id in (select given.video_id from given where content is not null)
      order by thumbnails.video_id for share
  )
  insert into embeddings (identity_id, video_id, embedding)
    select identity, given.video_id, vector from given
      left join now_of using (video_id)
      cross join encoder_identities as encoder
      where encoder.identity_id = identity and (content is null or now_of.video_id is null
        or content = case encoder.kind when 'text' then title else picture_sha256 end)
      order by given.video_id collate "C"
    on conflict (identity_id, video_id) do update set embedding = excluded.embedding
$$;

-- The same of the temporary table `staged` (video_id text, embedding real[]), which COPY filled.
create or replace function save_staged_embeddings(identity integer) returns void language plpgsql as $$
begin
  insert into embeddings (identity_id, video_id, embedding)
    select identity, video_id, embedding from staged order by video_id collate "C"
    on conflict (identity_id, video_id) do update set embedding = excluded.embedding;
end $$;

-- Those of an array of ids that no video has.
create or replace function unknown_videos(ids jsonb) returns table (video_id text) language sql stable as $$
  select id from jsonb_array_elements_text(ids) as id
    where not exists (select from thumbnails where thumbnails.video_id = id)
$$;

create or replace function embeddings_after(identity integer, after text, size integer)
returns table (video_id text, bytes bytea) language sql stable as $$
  select video_id, embedding_bytes(embeddings) from embeddings
    where identity_id = identity and video_id > after order by video_id limit size
$$;

-- Whether a video lacks a vector that it could have: of a picture, or of its title; with `rated` only those in a fold.
create or replace function lacks_embedding(video thumbnails, identity integer, rated boolean) returns boolean
language sql stable as $$
  select (video.fold is not null or not rated)
    and (video.picture_sha256 is not null
      or exists (select from encoder_identities where identity_id = identity and kind = 'text'))
    and not exists (select from embeddings where identity_id = identity and embeddings.video_id = video.video_id)
$$;

create or replace function missing_embeddings_after(identity integer, rated boolean, after text, size integer)
returns table (video_id text, title text, picture_sha256 text, picture_format text) language sql stable as $$
  select video_id, title, picture_sha256, picture_format from thumbnails
    where lacks_embedding(thumbnails, identity, rated) and video_id > after order by video_id limit size
$$;

-- Those of an array of ids.
create or replace function missing_embeddings_among(identity integer, ids jsonb)
returns table (video_id text, title text, picture_sha256 text, picture_format text) language sql stable as $$
  select video_id, title, picture_sha256, picture_format from thumbnails
    where video_id in (select jsonb_array_elements_text(ids)) and lacks_embedding(thumbnails, identity, false)
    order by thumbnails.video_id
$$;

create or replace function count_missing_embeddings(identity integer, rated boolean)
returns table (missing double precision) language sql stable as $$
  select count(*)::double precision from thumbnails where lacks_embedding(thumbnails, identity, rated)
$$;

create or replace function save_evaluation(evaluation jsonb) returns void language sql as $$
  insert into model_evaluations select * from jsonb_populate_record(null::model_evaluations, evaluation)
    on conflict (model, evaluated_at) do update set data_hash = excluded.data_hash, metrics = excluded.metrics
$$;

-- Newest first, without the first `skipped`.
create or replace function evaluations(skipped integer, size integer)
returns table (model text, evaluated_at timestamptz, data_hash text, metrics jsonb) language sql stable as $$
  select model, evaluated_at, data_hash, metrics from model_evaluations
    order by evaluated_at desc, model offset skipped limit size
$$;
