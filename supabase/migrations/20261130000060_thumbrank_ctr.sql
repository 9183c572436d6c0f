-- Impressions and click-through rates of the owner's own videos, from the Reporting API. A report is of one day; of two
-- reports of one job and day the one that was made later counts.

create table if not exists ctr_reports (
  report_id text collate "C" primary key,
  job_id text collate "C" not null,
  start_time timestamptz not null,
  end_time timestamptz not null,
  create_time timestamptz not null
);

create table if not exists ctr_daily (
  video_id text collate "C" not null,
  day date not null,
  channel_id text collate "C" not null,
  impressions bigint not null check (impressions >= 0),
  ctr double precision not null check (ctr between 0 and 1),
  report_id text collate "C" not null,
  made_at timestamptz not null, -- create_time of the report
  primary key (video_id, day)
);
create index if not exists ctr_daily_by_report on ctr_daily (report_id);

-- What reports gave a video, so that it can be told from a rate that was imported with it.
create table if not exists ctr_applied (
  video_id text collate "C" primary key,
  ctr double precision not null
);

-- Reports that are stored whole, oldest first, without the first `skipped`.
create or replace function stored_ctr_reports(skipped integer, size integer)
returns table (report_id text, job_id text, start_time timestamptz, end_time timestamptz, create_time timestamptz)
language sql stable as $$
  select report_id, job_id, start_time, end_time, create_time from ctr_reports
    order by ctr_reports.create_time, ctr_reports.report_id offset skipped limit size
$$;

-- batch: [{day, channel_id, video_id, impressions, ctr}]; no video and day may occur in it twice.
create or replace function save_ctr_rows(report text, made_at timestamptz, batch jsonb) returns void language sql as $$
  insert into ctr_daily as known (video_id, day, channel_id, impressions, ctr, report_id, made_at)
    select video_id, day, channel_id, impressions, ctr, save_ctr_rows.report, save_ctr_rows.made_at
      from jsonb_populate_recordset(null::ctr_daily, batch) order by video_id, day
    on conflict (video_id, day) do update set channel_id = excluded.channel_id, impressions = excluded.impressions,
      ctr = excluded.ctr, report_id = excluded.report_id, made_at = excluded.made_at
      where excluded.made_at >= known.made_at
$$;

-- report: a row of ctr_reports. Rows of its day that an earlier report had and this one has not are no more.
create or replace function finish_ctr_report(report jsonb) returns void language sql as $$
  insert into ctr_reports select * from jsonb_populate_record(null::ctr_reports, report) on conflict do nothing;
  delete from ctr_daily using ctr_reports as older join ctr_reports as newer
      on newer.job_id = older.job_id and newer.start_time = older.start_time and newer.create_time > older.create_time
    where ctr_daily.report_id = older.report_id
      and (report ->> 'report_id') in (older.report_id, newer.report_id);
$$;

-- Click-through rate of each video of the reports: the mean over days weighted by impressions, in exact sums.
create or replace function ctr_by_video() returns table (video_id text, impressions double precision,
  ctr double precision) language sql stable as $$
  select video_id, sum(impressions), round(sum(impressions * ctr::numeric) / nullif(sum(impressions), 0), 12)
    from ctr_daily group by ctr_daily.video_id
$$;

-- Sets the true CTR of stored videos, where their days have impressions enough. A video that has no longer enough loses
-- the rate that reports gave it, not one that was imported. few: known videos with fewer; unknown: not in the store.
create or replace function apply_ctr(min_impressions double precision)
returns table (videos double precision, few double precision, unknown double precision) language plpgsql as $$
#variable_conflict use_column
declare
  least double precision := greatest(min_impressions, 1);
begin
  update thumbnails set true_ctr = null from ctr_applied
    where thumbnails.video_id = ctr_applied.video_id and true_ctr = ctr_applied.ctr;
  delete from ctr_applied where true;
  insert into ctr_applied (video_id, ctr)
    select video_id, ctr from ctr_by_video() join thumbnails using (video_id) where impressions >= least;
  update thumbnails set true_ctr = ctr_applied.ctr from ctr_applied where thumbnails.video_id = ctr_applied.video_id;
  return query select count(*) filter (where impressions >= least and known)::double precision,
      count(*) filter (where impressions < least and known)::double precision,
      count(*) filter (where not known)::double precision
    from (select impressions, exists (select from thumbnails where thumbnails.video_id = measured.video_id) as known
            from ctr_by_video() as measured) as counted;
end $$;

create or replace function ctr_coverage()
returns table (reports double precision, first_day text, last_day text, videos double precision,
  rated double precision) language sql stable as $$
  select (select count(*) from ctr_reports), min(day)::text, max(day)::text, count(distinct video_id),
      (select count(*) from thumbnails join ctr_applied using (video_id) where true_ctr = ctr_applied.ctr)
    from ctr_daily
$$;

-- Deletes all that reports gave, also the rates that were set by them.
create or replace function forget_ctr() returns void language sql as $$
  update thumbnails set true_ctr = null from ctr_applied
    where thumbnails.video_id = ctr_applied.video_id and true_ctr = ctr_applied.ctr;
  truncate ctr_reports, ctr_daily, ctr_applied;
$$;
