#!/usr/bin/env bash
# bash first_inspection.sh https://api.example.com you@example.org 'a long password' wide.jpg mid.jpg close.jpg
set -euo pipefail
base=$1/v1 email=$2 password=$3 wide=$4 mid=$5 close=$6
field() { python3 -c 'import functools, json, sys; print(functools.reduce(lambda at, name: at[int(name) if name.isdigit() else name], sys.argv[1].split("."), json.load(sys.stdin)))' "$1"; }
api() { curl -sS --fail-with-body --retry 5 -H "Authorization: Bearer $token" -H 'Content-Type: application/json' "$@"; }

# 1. Register. Later, sign in with /auth/login.
token=$(curl -sS --fail-with-body "$base/auth/register" -H 'Content-Type: application/json' \
  -d "{\"email\": \"$email\", \"password\": \"$password\"}" | field token.access_token)

# 2. Read what to photograph: a wide, a mid and a close photo of each point.
api "$base/capture-policy/corrosion" >&2

# 3. Open the inspection. Repeat it with the same key until an answer arrives.
opened=$(api "$base/inspections" -H "Idempotency-Key: $(date +%s)-$$" -d '{"mode": "corrosion"}')
inspection=$base/inspections/$(field inspection_id <<< "$opened")
slot=$(field uploads.0.slot_id <<< "$opened")

for angle in wide mid close; do
  photo=${!angle}

  # 4. Announce the photo: the link takes exactly these bytes.
  declared=$(api "$base/slots/$slot/assets" -H "Idempotency-Key: $(date +%s)-$$-$angle" -d "{\"angle\": \"$angle\",
    \"content_type\": \"image/jpeg\", \"byte_size\": $(wc -c < "$photo"),
    \"sha256\": \"$(python3 -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())' < "$photo")\"}")
  asset=$base/assets/$(field asset_id <<< "$declared")

  # 5. Upload it with the headers that the link names.
  python3 -c 'import json, sys
for name, value in json.load(sys.stdin)["upload"]["headers"].items(): print(f"{name}: {value}")' <<< "$declared" > headers.txt
  curl -sS --fail-with-body -X PUT -H @headers.txt --data-binary @"$photo" "$(field upload.url <<< "$declared")"

  # 6. Report it, and the server checks it.
  api -X POST "$asset/uploaded" > /dev/null

  # 7. Poll the check. Show retake_reasons while the owner is at the hull.
  until api "$asset" | tee checked.json | grep -qE '"state":"(ready|rejected)"'; do sleep 1; done
  echo "$angle: $(field state < checked.json) $(field retake_reasons < checked.json)" >&2
done

# 8. Submit. The analysis runs once, however often this is called.
api -X POST "$inspection/submit" -d '{}' > /dev/null

# 9. Poll the status. Retry-After says how often; with If-None-Match an unchanged answer is 304.
until api "$inspection/status" | grep -qE '"status":"(completed|failed)"'; do sleep 2; done

# 10. Read the result.
api "$inspection/result"
