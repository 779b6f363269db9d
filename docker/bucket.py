# ruff: noqa: INP001 - a script of the image, not a module
"""Creates the bucket for photos in the store of docker-compose.yml, unless it is there."""

import os

import boto3
from botocore.exceptions import ClientError

bucket = os.environ["S3_BUCKET"]
store = boto3.client(
    "s3",
    endpoint_url=os.environ["S3_ENDPOINT_URL"],
    region_name=os.environ.get("S3_REGION", "us-east-1"),
    aws_access_key_id=os.environ["S3_ACCESS_KEY_ID"],
    aws_secret_access_key=os.environ["S3_SECRET_ACCESS_KEY"],
)
try:
    store.head_bucket(Bucket=bucket)
except ClientError as exc:
    if exc.response["Error"]["Code"] != "404":
        raise
    store.create_bucket(Bucket=bucket)
