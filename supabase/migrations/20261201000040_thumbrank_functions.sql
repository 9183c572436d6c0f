-- The list of functions with those of both 20261130224000 and 20261201000030.

-- The functions that programs call, and those that these call; a test compares the list with the database.
create or replace function store_functions() returns text[] language sql immutable as $$
  select '{schema_version, applied_migrations, secure_store, forget_embeddings, written_columns, upsert_videos,
    count_videos, videos_after, rated_videos_after, channels_after, embedding_bytes, identity_of, save_embeddings, save_staged_embeddings, unknown_videos,
    embeddings_after, lacks_embedding, missing_embeddings_after, count_missing_embeddings, save_evaluation,
    evaluations, refresh_statistics, days, spoken_language, age_hours, exact_ln, log_rate, mark_excluded, apply_quality,
    growth_exponent, rates, build_baselines, share, folds, draw_folds, mark_outliers,
    drop_shared_pictures, trend_points, fit_trends_once, fit_trends, residuals, neighbour_percentiles, rate_videos,
    build_pairs, rebuild, pairs_after, labels_after,
    spend_quota, exhaust_quota, quota_spent, save_search_page, search_pages, found_channels_after, judge_channels,
    save_listing, listed_videos_after, mark_absent, save_readings, wanted_pictures_after, save_pictures,
    collection_counts, missing_embeddings_among, views_at, measure_rates, hourly, collection_refusals,
    stale_videos_after, count_stale_videos, save_refreshed, stale_channels_after, count_stale_channels,
    save_refreshed_channels, purgeable, purge_preview, purge_pairs, purge_videos, finish_purge, purged_videos_after,
    orphaned_pictures_after, forget_orphans, stored_ctr_reports, save_ctr_rows, finish_ctr_report, ctr_by_video,
    apply_ctr, ctr_coverage, forget_ctr, store_tables, key_of, count_rows, identity_label, embedding_contents,
    contents, contents_after, checksum_after, write_contents, store_functions, bucket_of, is_stale, save_statistics}'::text[]
$$;

select secure_store();
