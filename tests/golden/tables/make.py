# Parquet files as pandas, polars' and DuckDB's users have them, for tests/dataset/parquet-types.test.ts. Made by
# python make.py with pyarrow 26.0.1, pandas 3.1.1, duckdb 2.0.1. Each has three rows that say the same.
import datetime as dt
import decimal
import os

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

os.chdir(os.path.dirname(os.path.abspath(__file__)))
os.makedirs("large", exist_ok=True)
utc = dt.timezone.utc
published = [dt.datetime(2024, 3, 1, 10, 0, 0, 123000), dt.datetime(2024, 3, 2, 10), dt.datetime(2024, 3, 3, 10)]
base = {
    "video_id": ["a", "b", "c"],
    "channel_id": ["UC1"] * 3,
    "title": ["Caf\u00e9", "None", "c"],
    "views": [1234, 2**40, 5],
    "collected_at": [dt.datetime(2024, 5, 1)] * 3,
    "published_at": published,
}
seconds = [253, 3723, None]


def write(name, columns, **options):
    pq.write_table(pa.table({**base, **columns}), f"{name}.parquet", **options)


for unit, ticks in {"s": 1, "ms": 1000, "us": 10**6, "ns": 10**9}.items():
    values = [None if s is None else s * ticks for s in seconds]
    write(f"duration-{unit}", {"duration": pa.array(values, pa.duration(unit))})
write("time32-ms", {"duration": pa.array([None if s is None else s * 1000 for s in seconds], pa.time32("ms"))})
write("time64-us", {"duration": pa.array([None if s is None else s * 10**6 for s in seconds], pa.time64("us"))})
write("time64-ns", {"duration": pa.array([None if s is None else s * 10**9 for s in seconds], pa.time64("ns"))})
write("int32", {"duration": pa.array(seconds, pa.int32())}, compression="gzip")
write("double", {"duration": pa.array([253.0, 3723.0, None], pa.float64()), "views": pa.array([1234.0, 2.0**40, 5.0])})
write("iso-strings", {"duration": ["PT4M13S", "PT1H2M3S", None]}, compression="brotli", use_dictionary=False)
write("decimal", {"duration": pa.array([None if s is None else decimal.Decimal(s) for s in seconds], pa.decimal128(20, 3)),
                  "views": pa.array([decimal.Decimal(v) for v in base["views"]], pa.decimal128(38, 0))})
write("uint64", {"duration": pa.array(seconds, pa.uint32()), "views": pa.array(base["views"], pa.uint64())}, compression="zstd")
write("int96", {"duration": pa.array(seconds, pa.int16())}, use_deprecated_int96_timestamps=True)
write("pages-v2", {"duration": pa.array(seconds, pa.int64())}, data_page_version="2.0", compression="lz4")
write("deltas", {"duration": pa.array(seconds, pa.int32())}, use_dictionary=False, compression="none", column_encoding={
    "video_id": "DELTA_BYTE_ARRAY", "channel_id": "DELTA_LENGTH_BYTE_ARRAY", "title": "PLAIN", "duration": "DELTA_BINARY_PACKED",
    "views": "DELTA_BINARY_PACKED", "collected_at": "BYTE_STREAM_SPLIT", "published_at": "BYTE_STREAM_SPLIT"})
pd.DataFrame({**base, "duration": pd.to_timedelta([253, 3723, None], unit="s")}).to_parquet("pandas-timedelta.parquet")
write("list", {"duration": pa.array([[1], [2], []], pa.list_(pa.int32()))})
write("misplaced", {"likes": pa.array([1, 2, 3], pa.duration("s"))})
write("too-long", {"duration": pa.array([32 * 86400, -5, 60], pa.duration("s"))})

# One page of three titles, the middle one of 500 MB, as small files; and a page of a million equal rows.
bomb = pa.table({**base, "title": ["before", "A" * 500_000_000, "after"]})
pq.write_table(bomb, "large/bomb-zstd.parquet", compression="zstd", use_dictionary=False, write_statistics=False)
pq.write_table(bomb, "large/bomb-brotli-dictionary.parquet", compression="brotli", write_statistics=False)
many = pa.table({name: [values[0]] * 1_000_000 for name, values in base.items()})
pq.write_table(many, "large/million.parquet", compression="zstd", row_group_size=10**6, max_rows_per_page=10**6)

videos = pa.table(base)
duckdb.sql("""copy (select *, case video_id when 'a' then interval 253 second when 'b' then interval 3723 second end as duration
  from videos) to 'duckdb-interval.parquet' (format parquet)""")
duckdb.sql("""copy (select *, case video_id when 'a' then time '00:04:13' when 'b' then time '01:02:03' end as duration
  from videos) to 'duckdb-time.parquet' (format parquet)""")
