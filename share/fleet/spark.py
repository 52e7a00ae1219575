# SPDX-License-Identifier: MIT
#
# spark-submit --files pipe spark.py LIST OUT : the summaries of all archives of
# a list as a Parquet table. Each worker has crit-tools and sees the archives.
#
# In Scala, sc.binaryFiles(dir).keys.pipe("./pipe") lists a directory in place
# of LIST: its keys are URIs, and no worker opens the streams. PySpark's
# binaryFiles would read every archive into memory.
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.appName("crit-fleet").getOrCreate()
names = spark.sparkContext.textFile(sys.argv[1]).repartition(64)
rows = names.pipe("./pipe")
spark.read.json(rows).write.parquet(sys.argv[2])
