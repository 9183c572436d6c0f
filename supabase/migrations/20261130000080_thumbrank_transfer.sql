-- Rows of any table as text, to copy stores and to compare them. A row's content is one JSON object that is the same on
-- every store: instants in UTC, vectors as arrays of numbers, and in place of an identity's number, which each database
-- gives by itself, what the identity says. Contents go through programs as text, so that none rounds a number.

-- Every table, those that others refer to first, with its key, and how many rows make a page of a megabyte or less.
create or replace function store_tables() returns table (name text, key text[], page integer) language sql immutable as $$
  values ('channels', array['channel_id'], 1000),
    ('thumbnails', array['video_id'], 1000),
    ('view_snapshots', array['video_id', 'collected_at'], 5000),
    ('channel_baselines', array['channel_id'], 1000),
    ('training_pairs', array['pair_id'], 5000),
    ('encoder_identities', array['kind', 'model', 'revision', 'preprocessing', 'normalisation', 'dimensions'], 1000),
    ('embeddings', array['identity_id', 'video_id'], 100),
    ('model_evaluations', array['model', 'evaluated_at'], 100),
    ('quota_ledger', array['day', 'method'], 1000),
    ('quota_days', array['day', 'bucket'], 1000),
    ('collect_searches', array['niche', 'query', 'page'], 1000),
    ('collect_channels', array['channel_id'], 1000),
    ('collect_videos', array['video_id'], 1000),
    ('snapshot_rates', array['video_id'], 5000),
    ('orphaned_pictures', array['picture_sha256'], 5000),
    ('ctr_reports', array['report_id'], 1000),
    ('ctr_daily', array['video_id', 'day'], 5000),
    ('ctr_applied', array['video_id'], 5000)
$$;

-- The key of a table; refuses other names, for names become part of statements.
create or replace function key_of(of_table text) returns text[] language plpgsql immutable as $$
declare
  found_key text[] := (select key from store_tables() where name = of_table);
begin
  if found_key is null then
    raise exception 'the schema has no table %', of_table using errcode = 'undefined_table';
  end if;
  return found_key;
end $$;

create or replace function count_rows(of_table text) returns table (counted double precision) language plpgsql stable as $$
begin
  perform key_of(of_table);
  return query execute format('select count(*)::double precision from %I', of_table);
end $$;

-- What an identity says, as one text by which identities are ordered alike everywhere.
create or replace function identity_label(identity encoder_identities) returns text language sql stable as $$
  select concat_ws('|', identity.kind, identity.model, identity.revision, identity.preprocessing, identity.normalisation,
    identity.dimensions)
$$;

-- Vectors by label and video. One identity at a time, so that each page is a scan of the primary key.
create or replace function embedding_contents(after jsonb, upto jsonb, size integer)
returns table (key jsonb, content jsonb) language plpgsql stable as $$
declare
  identity encoder_identities;
  label text;
  page bigint;
begin
  for identity in select * from encoder_identities as each order by identity_label(each) collate "C" loop
    label := identity_label(identity);
    continue when label collate "C" < after ->> 'label';
    exit when size <= 0 or label collate "C" > upto ->> 'label';
    return query select jsonb_build_object('label', label, 'video_id', video_id),
        to_jsonb(identity) - 'identity_id' || jsonb_build_object('video_id', video_id, 'embedding', embedding::real[])
      from embeddings where identity_id = identity.identity_id
        and video_id > case when label = after ->> 'label' then after ->> 'video_id' else '' end
        and (upto is null or label <> upto ->> 'label' or video_id <= upto ->> 'video_id')
      order by video_id limit size;
    get diagnostics page = row_count;
    size := size - page;
  end loop;
end $$;

-- Rows by key, after one key (null: from the first) and up to another (null: to the last), `size` at most.
create or replace function contents(of_table text, after jsonb, upto jsonb, size integer)
returns table (key jsonb, content jsonb) language plpgsql stable
set timezone = 'UTC' set extra_float_digits = 1 as $$
declare
  own text[] := key_of(of_table);
  names text;
  pairs text;
  bound text; -- the key that $1 holds
begin
  if of_table = 'embeddings' then
    return query select * from embedding_contents(after, upto, size);
    return;
  end if;
  if of_table = 'encoder_identities' then
    return query select jsonb_build_object('label', label), said from (
        select identity_label(each) collate "C" as label, to_jsonb(each) - 'identity_id' as said
          from encoder_identities as each) as labelled
      where (after is null or label > after ->> 'label') and (upto is null or label <= upto ->> 'label')
      order by label limit size;
    return;
  end if;
  select string_agg(format('t.%I', attname), ', ' order by place),
      string_agg(format('%L, t.%I', attname, attname), ', ' order by place),
      string_agg(format('($1 ->> %L)::%s', attname, format_type(atttypid, atttypmod)), ', ' order by place)
    into names, pairs, bound
    from unnest(own) with ordinality as part (attname, place) join pg_attribute using (attname)
    where attrelid = of_table::regclass;
  return query execute format(
      'select jsonb_build_object(%s), to_jsonb(t) from %I as t where %s and %s order by %s limit $3', pairs, of_table,
      case when after is null then 'true' else format('(%s) > (%s)', names, bound) end,
      case when upto is null then 'true' else format('(%s) <= (%s)', names, replace(bound, '$1', '$2')) end, names)
    using after, upto, size;
end $$;

create or replace function contents_after(of_table text, after text, upto text, size integer)
returns table (key text, content text) language sql stable as $$
  select key::text, content::text from contents(of_table, after::jsonb, upto::jsonb, size)
$$;

-- What `contents_after` would give, as its last key, how many rows, and the sums of the halves of their md5s. Sums of
-- parts add up to the sum of the whole, whatever the parts.
create or replace function checksum_after(of_table text, after text, upto text, size integer)
returns table (last text, counted integer, high text, low text) language sql stable as $$
  select (array_agg(key order by place desc))[1]::text, count(*)::integer,
      coalesce(sum(('x' || left(digest, 16))::bit(64)::bigint), 0)::text,
      coalesce(sum(('x' || right(digest, 16))::bit(64)::bigint), 0)::text
    from (select key, place, md5(content::text) as digest
            from contents(of_table, after::jsonb, upto::jsonb, size) with ordinality as given (key, content, place)) as rows
$$;

-- Upserts contents: an array of texts, or, where it is null, the temporary table `staged` (content jsonb).
create or replace function write_contents(of_table text, batch jsonb) returns table (written integer) language plpgsql as $$
declare
  own text[] := key_of(of_table);
  source text := case when batch is null then 'staged'
    else '(select given::jsonb as content from jsonb_array_elements_text($1) as given) as staged' end;
  columns text;
  changes text;
begin
  select string_agg(format('%I', attname), ', ' order by attnum),
      string_agg(format('%1$I = excluded.%1$I', attname), ', ' order by attnum) filter (where attname <> all (own))
    into columns, changes
    from pg_attribute where attrelid = of_table::regclass and attnum > 0 and not attisdropped
      and not (of_table = 'encoder_identities' and attname = 'identity_id');
  execute format('insert into %I (%s) select %s from %s cross join %s on conflict (%s) do %s', of_table, columns, columns,
      source,
      case when of_table = 'embeddings'
        then 'jsonb_populate_record(null::embeddings, content - ''identity_id'') as row_of (other, video_id, embedding)
          join encoder_identities as identity on to_jsonb(identity) - ''identity_id'' = content - ''{video_id,embedding}''::text[]'
        else format('jsonb_populate_record(null::%I, content) as row_of', of_table) end,
      (select string_agg(format('%I', part), ', ') from unnest(own) as part),
      case when changes is null then 'nothing' else 'update set ' || changes end)
    using batch;
  get diagnostics written = row_count;
  return next;
end $$;
