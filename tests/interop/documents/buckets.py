"""Makes two buckets in the S3 that `AWS_ENDPOINT_URL` names.

`example` has the files of the directory that is given below `public/`, and others beside it. `many` has more documents
than S3 names at a time, documents of as many bytes as are read and one more, and keys that mean something in a URI.
"""

import pathlib
import sys

import boto3

MOST = 1024 * 1024

s3 = boto3.client("s3")


def bucket(name, objects):
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})
    for key, body in objects.items():
        s3.put_object(Bucket=name, Key=key, Body=body)


data = pathlib.Path(sys.argv[1])
files = {path.relative_to(data).as_posix(): path.read_bytes() for path in data.rglob("*") if path.is_file()}
bucket(
    "example",
    {f"public/{name}": body for name, body in files.items()}
    | {"public/": b"", "public/empty/": b"", "public-not.md": b"secret", "secret/plan.md": b"secret"},
)
bucket(
    "many",
    {f"many/{number:05}.md": b"x" for number in range(1_002)}
    | {f"large/most.{end}": b"x" * MOST for end in ("txt", "pdf")}
    | {f"large/more.{end}": b"x" * (MOST + 1) for end in ("txt", "pdf")}
    | {f"strange/{name}": b"x" for name in ("100%.md", "%41", "a b", "q?x=1#y", "ü😀", "a+b&c=d;e,f", "[x]\\y", "<&>'\"")},
)
