"""A Spark job for ../scenarios/spark_job.py: two tables are written, joined and grouped.

Usage: spark-submit job.py DIRECTORY
"""

import sys

from pyspark.sql import SparkSession
from pyspark.sql.utils import AnalysisException

place = sys.argv[1]
spark = SparkSession.builder.appName("shop daily").getOrCreate()

customers = [(1, "Ada@example.com", "AT"), (2, "bo@example.com", "CH")]
orders = [(1, 9.5), (1, 20.0), (2, 7.0)]
spark.createDataFrame(customers, "id long, email string, country string").write.parquet(f"{place}/customers")
spark.createDataFrame(orders, "customer long, amount double").write.parquet(f"{place}/orders")

spark.read.parquet(f"{place}/customers").createOrReplaceTempView("customers")
spark.read.parquet(f"{place}/orders").createOrReplaceTempView("orders")
spark.sql(
    """
    select c.id as customer, sha2(lower(c.email), 256) as email_hash, c.country, sum(o.amount) as total
    from customers c join orders o on o.customer = c.id
    where c.country <> 'XX'
    group by 1, 2, 3
    """
).write.parquet(f"{place}/revenue")

try:
    spark.sql("select no_such_column from customers").write.parquet(f"{place}/broken")
except AnalysisException:
    print("a query that cannot be planned ends in no event of its own")

spark.stop()
