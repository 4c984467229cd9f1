"""A join of Spark with a snapshot. Needs pyspark 3.4 or newer."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Optional

from .columns import INVALID, id_of
from .instants import parse_instant
from .snapshots import subject_key

_KEY, _AT = "_assent_key", "_assent_at"


def split(
    records: Any,
    snapshot: Any,
    *,
    namespace: str,
    subject: str,
    collected_at: str,
    export_key: bytes,
    form: str = "exact",
    now: Optional[datetime] = None,
) -> tuple:
    """``(permitted, denied)`` of a DataFrame, by a snapshot as `spark.read.parquet` gives it.

    A record that meets no permitting row is denied: people never asked, times that are not certain, data from after the
    snapshot. ``subject`` is a column of text or whole numbers, ``collected_at`` one of text (RFC 3339 with a zone) or of
    instants; a timestamp without a zone raises. Before the result is used, read `/v1/changes` from the snapshot's
    revision on and drop who is named there.
    """
    from pyspark.sql import functions as F
    from pyspark.sql import types as T

    kind = records.schema[subject].dataType
    if not isinstance(kind, (T.StringType, T.ByteType, T.ShortType, T.IntegerType, T.LongType)):
        raise ValueError(f"{subject} must be text or whole numbers: {kind.simpleString()} does not hold every id exactly.")
    at = records.schema[collected_at].dataType
    if not isinstance(at, (T.StringType, T.TimestampType)):
        raise ValueError(f"{collected_at} must be text or instants: {at.simpleString()} does not say when that was.")

    def key_of(value: Any) -> Optional[str]:
        id = id_of(value)
        return None if id is None or id is INVALID else subject_key(export_key, namespace, id, form)

    # The key lies in the function, not in a query that is logged.
    make_key = F.udf(key_of, T.StringType())
    read_time = F.udf(lambda text: None if text is None else parse_instant(text), T.LongType())
    time = read_time(records[collected_at]) if isinstance(at, T.StringType) else F.unix_millis(records[collected_at])
    # Once for each distinct person, not for each record.
    people = records.select(subject).distinct().withColumn(_KEY, make_key(F.col(subject)))
    keyed = records.withColumn(_AT, time).join(people, subject, "left")

    now_ms = int((now or datetime.now(timezone.utc)).timestamp() * 1_000)
    permits = snapshot.where((F.col("decision") == "permit") & (F.col("subject_type") == namespace)).select(
        F.col("subject_key").alias("_assent_subject"),
        F.unix_millis("collected_from").alias("_assent_from"),
        F.unix_millis("collected_until").alias("_assent_until"),
        F.unix_millis("use_until").alias("_assent_use_until"),
    )
    meets = (
        (F.col(_KEY) == F.col("_assent_subject"))
        & (F.col(_AT) >= F.col("_assent_from"))
        & (F.col(_AT) < F.col("_assent_until"))
        & (F.lit(now_ms) < F.col("_assent_use_until"))
    )
    columns = records.columns
    return tuple(keyed.join(permits, meets, how).select(*columns) for how in ("left_semi", "left_anti"))
