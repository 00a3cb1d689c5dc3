#!/usr/bin/env bash
# What a shell script would send: single events, packed ones, a batch, NDJSON.
# Each answer goes to $OUT/NAME.status, .headers and .json; scenarios/curl_lines.py judges them.
set -euo pipefail
cd "$(dirname "$0")"
: "${LETHE_URL:?}" "${OUT:?}"

ask() { # NAME, then curl's arguments
    local name=$1
    shift
    curl --silent --show-error --max-time 20 --output "$OUT/$name.json" --dump-header "$OUT/$name.headers" \
        --write-out '%{http_code}' "$@" > "$OUT/$name.status"
}

JSON='content-type: application/json'

ask plain -H "$JSON" --data-binary @event.json "$LETHE_URL/api/v1/lineage"
ask again -H "$JSON" --data-binary @event.json "$LETHE_URL/api/v1/lineage"
ask slash -H "$JSON" --data-binary @event.json "$LETHE_URL/api/v1/lineage/"
ask untyped -H 'content-type:' --data-binary @event.json "$LETHE_URL/api/v1/lineage"
ask form --data-binary @event.json "$LETHE_URL/api/v1/lineage"
gzip --stdout complete.json |
    ask gzip -H "$JSON" -H 'content-encoding: gzip' --data-binary @- "$LETHE_URL/api/v1/lineage"
zstd --quiet --stdout dataset.json |
    ask zstd -H "$JSON" -H 'content-encoding: zstd' --data-binary @- "$LETHE_URL/api/v1/lineage"
ask chunked -H "$JSON" -H 'transfer-encoding: chunked' --data-binary @complete.json "$LETHE_URL/api/v1/lineage"
ask http2 --http2-prior-knowledge -H "$JSON" --data-binary @complete.json "$LETHE_URL/api/v1/lineage"
ask big -H "$JSON" -H 'expect: 100-continue' --data-binary @- "$LETHE_URL/api/v1/lineage" < "$OUT/big.json.in"

ask batch -H "$JSON" --data-binary @batch.json "$LETHE_URL/api/v1/lineage/batch"
ask batch-slash -H "$JSON" --data-binary @batch.json "$LETHE_URL/api/v1/lineage/batch/"
ask import -H 'content-type: application/x-ndjson' --data-binary @"$OUT/events.ndjson" \
    "$LETHE_URL/api/v1/events/import"
zstd --quiet --stdout "$OUT/events.ndjson" |
    ask import-zstd -H 'content-type: application/x-ndjson' -H 'content-encoding: zstd' --data-binary @- \
        "$LETHE_URL/api/v1/events/import"

ask broken -H "$JSON" --data-binary '{"eventTime": ' "$LETHE_URL/api/v1/lineage"
ask invalid -H "$JSON" --data-binary '{"eventTime": "2026-11-20T12:00:00Z", "producer": "https://example.com", "run": {}}' \
    "$LETHE_URL/api/v1/lineage"
ask not-gzip -H "$JSON" -H 'content-encoding: gzip' --data-binary @event.json "$LETHE_URL/api/v1/lineage"
ask unknown-packing -H "$JSON" -H 'content-encoding: snappy' --data-binary @event.json "$LETHE_URL/api/v1/lineage"
ask wrong-method -X PATCH "$LETHE_URL/api/v1/lineage"
ask wrong-path "$LETHE_URL/api/v1/linage"
ask packed-answer -H 'accept-encoding: gzip' "$LETHE_URL/api/openapi.json"
