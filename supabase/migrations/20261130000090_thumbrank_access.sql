-- Who may do what, where Supabase's roles are: service_role everything, anon and authenticated nothing. Row level security
-- without a policy keeps them out even where somebody grants them a table. On other servers nothing changes: there the
-- owner decides whom he grants what.
--
-- Functions run with the caller's rights, but for refresh_statistics, which nobody without them may call and whose
-- search_path is fixed. The others take the caller's search_path: who may call them sets none but his own.

-- The functions that programs call, and those that these call; a test compares the list with the database.
create or replace function store_functions() returns text[] language sql immutable as $$
  select '{schema_version, applied_migrations, secure_store, forget_embeddings, written_columns, upsert_videos,
    count_videos, videos_after, rated_videos_after, channels_after, embedding_bytes, identity_of, save_embeddings, save_staged_embeddings, unknown_videos,
    embeddings_after, lacks_embedding, missing_embeddings_after, count_missing_embeddings, save_evaluation,
    evaluations, refresh_statistics, days, spoken_language, age_hours, exact_ln, log_rate, mark_excluded, apply_quality,
    growth_exponent, rates, build_baselines, share, folds, place_videos, build_pairs, rebuild, pairs_after,
    spend_quota, exhaust_quota, quota_spent, save_search_page, search_pages, found_channels_after, judge_channels,
    save_listing, listed_videos_after, mark_absent, save_readings, wanted_pictures_after, save_pictures,
    collection_counts, missing_embeddings_among, views_at, measure_rates, hourly, collection_refusals,
    stale_videos_after, count_stale_videos, save_refreshed, stale_channels_after, count_stale_channels,
    save_refreshed_channels, purgeable, purge_preview, purge_pairs, purge_videos, finish_purge, purged_videos_after,
    orphaned_pictures_after, forget_orphans, stored_ctr_reports, save_ctr_rows, finish_ctr_report, ctr_by_video,
    apply_ctr, ctr_coverage, forget_ctr, store_tables, key_of, count_rows, identity_label, embedding_contents,
    contents, contents_after, checksum_after, write_contents, store_functions}'::text[]
$$;

-- A migration that adds a table or a function, or drops and makes one, ends with `select secure_store()`.
create or replace function secure_store() returns void language plpgsql as $$
declare
  place oid := current_schema()::regnamespace;
  outsiders text := (select string_agg(quote_ident(rolname), ', ') from pg_roles
    where rolname in ('anon', 'authenticated'));
  service boolean := exists (select from pg_roles where rolname = 'service_role');
  reader text := case when outsiders is null and not service then 'public' when service then 'service_role' end;
  object text;
begin
  -- Which migrations there were is for all to read who may read the store.
  if reader is not null then
    execute format('grant usage on schema supabase_migrations to %s', reader);
    execute format('grant select (version, name) on supabase_migrations.schema_migrations to %s', reader);
  end if;
  if outsiders is null and not service then return; end if;
  for object in select format('table %s', oid::regclass) from pg_class where relnamespace = place
      and relname in (select name from store_tables() union all select 'thumbrank_schema')
    union all
    select format('function %s', oid::regprocedure) from pg_proc where pronamespace = place
      and proname = any (store_functions())
  loop
    if object like 'table %' then execute format('alter %s enable row level security', object); end if;
    execute format('revoke all on %s from %s', object, concat_ws(', ', 'public', outsiders));
    if service then execute format('grant all on %s to service_role', object); end if;
  end loop;
  notify pgrst, 'reload schema'; -- the REST server knows new functions from now on
end $$;
select secure_store();
