-- Thumbrank's database: tables, and the functions by which all programs write and read them. The files of this folder are
-- migrations in the form of Supabase's command line, and run in the order of their names, each once: `supabase db push`,
-- `thumbrank store migrate` and every opening of a store run those that are not noted yet in
-- supabase_migrations.schema_migrations. `thumbrank store schema` prints them whole, for Supabase's SQL editor. PGlite,
-- PostgreSQL (14 or newer) and Supabase run the same files.
--
-- This one and the nine after it are the schema as it was before there were migrations. They also run on a database of
-- that time, where they change what is old and leave what is stored.
--
-- Programs call functions alone, by name with named arguments. Those that read return a page: the rows that come after
-- `after` in the order of their key, `size` at most. Counts are double precision, which every driver gives as a number.
--
-- Names are collated "C" (by code point), so that every server orders them alike; means and deviations are summed as
-- numeric, so that no order of rows changes a digit; draws are md5 of the seed and names. Same rows, same result.

-- What programs look at that are older than the migrations: they refuse version 4 and say to update.
create table if not exists thumbrank_schema (
  one_row boolean primary key default true check (one_row),
  version integer not null,
  checksum text
);

-- Up to version 2 a refused page ended a listing or a search for good, however much of it was still to come: these are open.
do $$ begin
  if exists (select from thumbrank_schema where version < 3) and to_regclass('collect_channels') is not null then
    update collect_channels set listing_ended = null, next_page_token = null
      where listed > 0 and listing_ended not in ('exhausted', 'older');
    delete from collect_searches where page > 0 and next_page_token is null and channel_ids = '[]';
  end if;
end $$;
insert into thumbrank_schema (version) values (4) on conflict (one_row) do update set version = 4, checksum = null;

-- Of version 1; their arguments or results have another form now.
drop function if exists rebuild(jsonb);
drop function if exists identity_of(jsonb);
drop function if exists mark_excluded(jsonb);
drop function if exists rates(double precision);
drop function if exists build_baselines();
drop function if exists place_videos(jsonb, double precision);
-- Of version 2.
drop function if exists save_listing(jsonb);
drop function if exists found_channels_after(integer, integer);
-- Of version 3.
drop function if exists videos_after(text, integer);
drop function if exists rated_videos_after(text, integer);

do $$ begin
  create extension if not exists vector;
exception when feature_not_supported or undefined_file or insufficient_privilege then
  null; -- no pgvector on this server: embeddings are kept as real[]
end $$;

create or replace function schema_version() returns table (version integer, checksum text) language sql stable
  as $$ select version, checksum from thumbrank_schema $$;

-- The migrations that this database has had, others of its project left out.
create or replace function applied_migrations() returns table (version text, name text) language sql stable as
  $$ select version, name from supabase_migrations.schema_migrations where name like 'thumbrank!_%' escape '!'
       order by version $$;
