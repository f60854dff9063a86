#!/usr/bin/env bash
# Two firms and a CRM, from sign-up to a kept promise, in plain HTTP.
#
#   examples/story.sh CONTACTS.csv [BASE_URL]
#
# The CSV has the columns id, Salutation, FirstName, LastName, Email, Phone and Title. The service must run, at
# http://127.0.0.1:8080 unless told. Needs bash 4, curl 7.84 or later and jq.
#
#   QUID_BIN           the quid binary, which reads the mail [target/release/quid, then target/debug/quid]
#   QUID_DATA_DIR      as the service has it, or DATABASE_URL and QUID_MASTER_KEY [as `make run` chooses]
#   QUID_STORY_RUN     a name for this story; each name has firms and a state file of its own
#   QUID_STORY_STATE   where passwords and totals are kept [.quid/story.json, or .quid/story-NAME.json]
#
# Run again with the same state file, the story goes on with the same firms: it does what is left to do, sends every row
# once more, and fails if anything is there twice. Whatever goes wrong ends it with status 1, showing the problem.
# shellcheck disable=SC2016 # jq's variables are not bash's
set -Eeuo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

if [ $# -lt 1 ] || [ $# -gt 2 ]; then
    echo "usage: examples/story.sh CONTACTS.csv [BASE_URL]" >&2
    exit 2
fi
contacts=$1
base=${2:-http://127.0.0.1:8080}
base=${base%/}
state=${QUID_STORY_STATE:-$root/.quid/story${QUID_STORY_RUN:+-$QUID_STORY_RUN}.json}

say() { printf '%s\n' "$*"; }
chapter() { printf '\n%s\n' "$*"; }
stop() {
    printf 'story: %s\n' "$*" >&2
    exit 1
}

for tool in curl jq; do
    command -v "$tool" >/dev/null || stop "$tool is not installed"
done
[ -r "$contacts" ] || stop "$contacts can't be read"
# Answers hold names and tokens: nobody else may read them, and they go when the script ends.
umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'stop "line $LINENO failed"' ERR
curl --silent --fail --max-time 5 --output "$work/ready" "$base/readyz" ||
    stop "no service is ready at $base; start one with: make run"

# ---- What is remembered from run to run

mkdir -p "$(dirname "$state")"
if [ -s "$state" ]; then
    is_first=false
else
    is_first=true
    secret() { head -c 24 /dev/urandom | base64; }
    default_run=$(date +%s)-$(head -c 3 /dev/urandom | od -An -tx1 | tr -d ' ')
    jq -n --arg run "${QUID_STORY_RUN:-$default_run}" --arg a "$(secret)" --arg b "$(secret)" \
        '{run: $run, passwords: {a: $a, b: $b}}' >"$state"
fi
remembered() { jq -r "$@" "$state"; }
remember() {
    jq "$@" "$state" >"$work/state"
    cp "$work/state" "$state"
}
run=$(remembered '.run | ascii_downcase | gsub("[^a-z0-9]+"; "-")')
declare -A email=([a]="ana.$run@redmesa.example" [b]="dana.$run@hartwell.example")

# ---- Requests
#
# Who asks is a file of headers: nobody, a and b (the two admins), crm. So no token stands in a command line.

declare -A token_since
json_type='Content-Type: application/json'
echo 'Accept: application/json' | tee "$work/nobody" "$work/a" "$work/b" >"$work/crm"
: >"$work/seen_by_b"

authorize() { # who
    printf 'Accept: application/json\nAuthorization: Bearer %s\n' "$(field .access_token)" >"$work/$1"
    token_since[$1]=$SECONDS
}

# Tokens live ten minutes; one that is older than five is replaced before it is used.
refresh() { # who
    local who=$1
    if [ -z "${token_since[$who]-}" ] || ((SECONDS - token_since[$who] < 300)); then return; fi
    if [ "$who" = crm ]; then crm_token 200; else sign_in "$who" 201; fi
}

field() { jq -r "$@" "$work/body"; }

# call WHO METHOD PATH STATUS [BODY [IDEMPOTENCY_KEY]]: the answer is in $work/body, its status in $status. STATUS may be
# several, as in '201|401'; any other ends the story.
call() {
    local who=$1 method=$2 path=$3 expected=$4 body=${5-} key=${6-}
    refresh "$who"
    local options=(--silent --show-error --max-time 30 --globoff --request "$method" --header "@$work/$who")
    options+=(--dump-header "$work/headers" --output "$work/body" --write-out '%{http_code}')
    [ -z "$body" ] || options+=(--header "$json_type" --data-binary @-)
    [ -z "$key" ] || options+=(--header "Idempotency-Key: $key")
    : >"$work/body"
    status=$(printf '%s' "$body" | curl "${options[@]}" "$base$path") || stop "$method $path had no answer"
    if [ "$who" = b ]; then cat "$work/headers" "$work/body" >>"$work/seen_by_b"; fi
    if [[ "|$expected|" != *"|$status|"* ]]; then
        printf 'story: %s %s answered %s, not %s:\n' "$method" "$path" "$status" "${expected//|/ or }" >&2
        { jq . "$work/body" 2>/dev/null || cat "$work/body"; } >&2
        exit 1
    fi
}

sign_in() { # who expected
    local body
    body=$(remembered --arg who "$1" --arg email "${email[$1]}" '{email: $email, password: .passwords[$who]}')
    call nobody POST /v1/sessions "$2" "$body"
    if [ "$status" = 201 ]; then authorize "$1"; fi
}

crm_token() { # expected
    # The secret goes by a file of options, not by the command line.
    remembered '.crm | "data-urlencode = " + ("client_id=" + .client_id | tojson),
        "data-urlencode = " + ("client_secret=" + .client_secret | tojson)' >"$work/config"
    status=$(curl --silent --show-error --max-time 30 --data grant_type=client_credentials --config "$work/config" \
        --output "$work/body" --write-out '%{http_code}' "$base/oauth/token") || stop "POST /oauth/token had no answer"
    [[ "|$1|" == *"|$status|"* ]] || stop "POST /oauth/token answered $status: $(cat "$work/body")"
    if [ "$status" = 200 ]; then authorize crm; fi
}

# token_in_mail ADDRESS: the token in the newest mail to it, into $token. A service without a mail server keeps its mail in
# the outbox, which the quid binary shows.
token_in_mail() {
    local quid=${QUID_BIN:-} file
    for file in "${CARGO_TARGET_DIR:-$root/target}"/{release,debug}/quid; do
        if [ -z "$quid" ] && [ -x "$file" ]; then quid=$file; fi
    done
    [ -n "$quid" ] || stop "no quid binary is built; name one by QUID_BIN, it reads the mail in the outbox"
    if [ -z "${DATABASE_URL:-}" ] && [ -z "${QUID_DATA_DIR:-}" ]; then
        export QUID_DATA_DIR=$root/.quid
        if [ ! -e "$QUID_DATA_DIR/master.key" ]; then QUID_DATA_DIR=/var/lib/quid; fi
    fi
    "$quid" outbox --limit 100 >"$work/mail" 2>"$work/mail.log" || stop "quid outbox: $(cat "$work/mail.log")"
    token=$(jq -Rrs --arg to "To: $1" 'split("\n--\n") | map(select(split("\n")[0] == $to))
        | first // "" | [match("\n    ([A-Za-z0-9_-]{20,})\n").captures[0].string] | first // ""' "$work/mail")
    [ -n "$token" ] || stop "the outbox has no token for $1; is QUID_DATA_DIR the service's?"
}

# send CONNECTIONS: PUTs every line of $work/requests, {n, path, body}, as the CRM, over connections that are kept
# open; one that is too many in a minute waits as long as the answer says. Leaves {n, status, outcome, body} in
# $work/answers, in the order of the requests.
send() {
    local connections=$1 batch files options
    : >"$work/answers"
    rm -rf "$work/out" "$work/batches"
    mkdir "$work/out" "$work/batches"
    split -a 4 -l 256 "$work/requests" "$work/batches/"
    for batch in "$work/batches"/*; do
        [ -e "$batch" ] || continue
        refresh crm
        # In a file of options a string is quoted as in JSON. The percent sign is doubled where curl would read it.
        jq -rs --arg base "$base" --arg who "@$work/crm" --arg type "$json_type" --arg out "$work/out/" '
            map("url = \($base + .path | tojson)\nrequest = PUT\ngloboff\nmax-time = 60\nretry = 8\n"
                + "header = \($who | tojson)\nheader = \($type | tojson)\ndata-raw = \(.body | tojson | tojson)\n"
                + "output = \($out + (.n | tostring) | tojson)\n"
                + "write-out = \("{\"n\": \(.n), \"status\": %{http_code}, \"outcome\": \"%header{quid-upsert}\"}\n" | tojson)\n")
            | join("next\n")' "$batch" >"$work/config"
        options=(--silent --show-error --config "$work/config")
        ((connections == 1)) || options+=(--parallel --parallel-max "$connections")
        # Some versions show progress of parallel requests, silent or not.
        curl "${options[@]}" >"$work/outcomes" 2>"$work/curl.log" ||
            stop "the service stopped answering: $(grep -a '^curl:' "$work/curl.log")"
        mapfile -t files < <(jq -r --arg out "$work/out/" '$out + (.n | tostring)' "$batch")
        jq -nc --slurpfile outcomes "$work/outcomes" '[inputs] as $bodies | $outcomes | sort_by(.n)
            | if length != ($bodies | length) then error("an answer is missing") else . end
            | if all(.[]; .status >= 300 or .outcome != "") then . else error("this curl does not tell headers") end
            | [., $bodies] | transpose[] | .[0] + {body: .[1]}' "${files[@]}" >>"$work/answers"
    done
}

# answered FILTER: stops at the first answer that does not pass it.
answered() {
    local first
    first=$(jq -s "map(select($1 | not)) | first // empty" "$work/answers")
    [ -z "$first" ] || stop "an unexpected answer: $first"
}

how_many() { jq -s "map(select($1)) | length" "$work/answers"; }

# pages WHO PATH: every item of a list, into $work/all.
pages() {
    local who=$1 path=$2 cursor='' separator='?'
    [[ $path != *\?* ]] || separator='&'
    : >"$work/pages"
    while :; do
        call "$who" GET "$path${separator}limit=200$cursor" 200
        cat "$work/body" >>"$work/pages"
        cursor=$(field '.next_cursor // empty')
        [ -n "$cursor" ] || break
        cursor="&cursor=$cursor"
    done
    jq -s 'map(.data[])' "$work/pages" >"$work/all"
    jq -e '(map(.id) | unique | length) == length' "$work/all" >/dev/null || stop "$path lists something twice"
}

# How often a name, an address or a number of the list stands in what B was sent since it was last asked.
must_not_know() {
    # The last answer may have no line break at its end, and grep reads lines; -a, since an answer is bytes.
    if grep -aiF -o -f "$work/names" "$work/seen_by_b" >"$work/found"; then
        sort "$work/found" | uniq -c >&2
        stop "B was sent what is sealed: $1"
    fi
    say "  none of the list's names, addresses and numbers is in the $(wc -c <"$work/seen_by_b") bytes B was sent"
    : >"$work/seen_by_b"
}

# ---- The list of contacts

# A line break or comma inside quotes does not separate: pieces are put together again while their quotes are uneven.
read_csv='
    def pieces($separator):
        reduce split($separator)[] as $piece ({whole: [], open: null};
            (if .open == null then $piece else .open + $separator + $piece end) as $text
            | if ($text | split("\"") | length) % 2 == 1 or $text == "" then .whole += [$text] | .open = null
              else .open = $text end)
        | if .open != null then error("a quoted field does not end") else .whole end;
    def unquoted:
        if startswith("\"") | not then .
        elif (length >= 2 and endswith("\"")) then .[1:-1] | split("\"\"") | join("\"")
        else error("a quoted field goes on after its quotes: \(.)") end;
    ltrimstr("\ufeff") | pieces("\n")
    | map(rtrimstr("\r") | select(. != "") | pieces(",") | map(unquoted))
    | .[0] as $names | .[1:] | to_entries
    | map(if (.value | length) == ($names | length) then [$names, .value] | transpose | map({key: .[0], value: .[1]}) | from_entries
          else error("record \(.key + 2) has \(.value | length) fields, not \($names | length)") end)'
jq -Rs "$read_csv" "$contacts" >"$work/rows" || stop "$contacts is not read"
jq -e 'length > 0 and all(.[]; .id != null and .id != "" and .LastName != null)' "$work/rows" >/dev/null ||
    stop "$contacts needs rows with the columns id, FirstName and LastName"

# What the CRM has of a row, as Quid wants it. A partner reads traits while the identity is sealed, so the job title is one.
jq -c '
    def text: if . == null then null else gsub("^\\s+|\\s+$"; "") | if . == "" then null else . end end;
    def words: map(text | values) | join(" ");
    to_entries[] | .key as $n | .value | (.Title | text) as $title | {
        n: $n, path: "/v1/clients/by-external-id/npsp/\(.id | @uri)", id,
        body: {
            name: ([.FirstName, .LastName] | words), email: (.Email | text), phone: (.Phone | text),
            notes: ([.Salutation, .FirstName, .LastName] | words),
            traits: [$title | values | ascii_downcase | gsub("[^a-z0-9]+"; "_") | gsub("^[^a-z]+|_+$"; "") | .[:63] | select(. != "")]
        }
    }' "$work/rows" >"$work/clients"
rows=$(wc -l <"$work/clients")
# As they are, and as they stand in JSON.
jq -r '.body | .name, .email, .phone | values | ., (tojson | .[1:-1])' "$work/clients" | sort -u >"$work/names"

# ---- The story

today=$(jq -rn 'now | strftime("%Y-%m-%d")')
in_days() { jq -rn --argjson days "$1" 'now + $days * 86400 | strftime("%Y-%m-%d")'; }

chapter "Two firms (run $run)"
sign_in a '201|401'
if [ "$status" = 401 ]; then
    call nobody POST /v1/sign-ups 202 "$(jq -n --arg email "${email[a]}" '{email: $email}')"
    token_in_mail "${email[a]}"
    say "  the mail that proves Ana's address is in the outbox"
    body=$(remembered --arg token "$token" '{
        token: $token, firm: {name: "Red Mesa Wealth", time_zone: "America/Denver", country: "US"},
        admin: {name: "Ana Ruiz", password: .passwords.a}}')
    call nobody POST /v1/firms 201 "$body"
    sign_in a 201
    say "  Red Mesa Wealth signed up; Ana is its admin (${email[a]})"
else
    say "  Ana of Red Mesa Wealth signed in (${email[a]})"
fi

find_partnership() { # who
    pages "$1" /v1/partnerships
    jq -r '[.[] | select(.state == "proposed" or .state == "exploring" or .state == "active")][0]
        | values | "\(.id) \(.state)"' "$work/all" >"$work/partnership"
    read -r partnership partnership_state <"$work/partnership" || partnership=''
}
find_partnership a
if [ -z "$partnership" ]; then
    body=$(jq -n --arg email "${email[b]}" '{email: $email, message: "Shall we put our introductions on a footing?"}')
    call a POST /v1/partnerships 201 "$body" "story-$run-propose"
    partnership=$(field .id)
    partnership_state=$(field .state)
    say "  Ana proposed a partnership to ${email[b]}: $partnership_state"
fi

sign_in b '201|401'
if [ "$status" = 401 ]; then
    token_in_mail "${email[b]}"
    say "  the invitation to Dana is in the outbox"
    body=$(remembered --arg token "$token" '{
        token: $token, firm: {name: "Hartwell & Lowe CPAs", time_zone: "America/New_York", country: "US"},
        admin: {name: "Dana Hartwell", password: .passwords.b}}')
    call nobody POST /v1/firms 201 "$body"
    sign_in b 201
    say "  Hartwell & Lowe CPAs signed up by the invitation; Dana is its admin"
else
    say "  Dana of Hartwell & Lowe CPAs signed in (${email[b]})"
fi
find_partnership b
[ -n "$partnership" ] || stop "Dana does not find the proposal"
if [ "$partnership_state" = proposed ]; then
    call b POST "/v1/partnerships/$partnership/accept" 200 '' "story-$run-accept"
    partnership_state=$(field .state)
    say "  Dana found the proposal and accepted it: $partnership_state"
fi

chapter "The foundation"

# plan: what the first party reads of it is in $work/body.
plan() { call "${1:-a}" GET "/v1/partnerships/$partnership/plan" 200; }

# premature: activating is refused, and says what is missing and whose turn it is.
premature() {
    call a POST "/v1/partnerships/$partnership/activate" 409
    say "  too early: $(field '[.gaps[] | .part + " waits for " + (.waits_for | join(" and "))] | join("; ")')"
}

# propose WHO BODY: drafts a version of a section and proposes it, in the place of the other party's where one is open.
propose() {
    local who=$1 section open version
    section=$(jq -r .section <<<"$2")
    plan "$who"
    open=$(field --arg section "$section" '.sections[] | select(.section == $section) | .proposal.id')
    call "$who" POST "/v1/partnerships/$partnership/plan-versions" 201 "$(jq -c '{body: .}' <<<"$2")"
    version=$(field .id)
    call "$who" POST "/v1/plan-versions/$version/propose" 200 "$(jq -nc --arg id "$open" '{counters_id: (if $id == "null" then null else $id end)}')"
}

# agree WHO SECTION: agrees to the other party's proposal.
agree() {
    plan "$1"
    local open
    open=$(field --arg section "$2" '.sections[] | select(.section == $section) | .proposal.id')
    call "$1" POST "/v1/plan-versions/$open/agree" 200
    say "  both agree on $2"
}

# stands SECTION: whether it is in force, or a proposal of it is open, which a story before left.
stands() {
    plan a
    [ "$(field --arg section "$1" '.sections[] | select(.section == $section) | .in_force != null')" = true ]
}

# take_back SECTION: whoever left a proposal open takes it back.
take_back() {
    local who open
    for who in a b; do
        plan "$who"
        open=$(field --arg section "$1" '.sections[] | select(.section == $section) | .proposal | select(.party == "us") | .id')
        if [ -n "$open" ]; then call "$who" POST "/v1/plan-versions/$open/withdraw" 200 '{}'; fi
    done
}

if [ "$partnership_state" = exploring ]; then
    premature
    wealth='{"business": "Wealth management for owners of companies.", "value_proposition": "One plan for the years around a sale.",
        "benefit_to_own_clients": "They learn what a sale costs in tax before they sign."}'
    tax='{"business": "Tax and accounts for family companies.", "value_proposition": "The same partner from first account to succession.",
        "benefit_to_own_clients": "They know what they can live on once they have sold."}'
    # understanding OURS THEIRS: each a part or null.
    understanding() {
        jq -nc --argjson us "$1" --argjson them "$2" --arg day "$(date -u -d yesterday +%F 2>/dev/null || date -u -v-1d +%F)" \
            '{section: "business_understanding", us: $us, them: $them, alignment: "What a sale leaves is what there is to invest.",
              conversation: {held_on: $day, attendees: ["Ana Ruiz", "Dana Hartwell"]}}'
    }
    says() { jq -c --argjson confirms "$2" '. + {confirms_other: $confirms}' <<<"$1"; }
    if ! stands business_understanding; then
        take_back business_understanding
        propose a "$(understanding "$(says "$wealth" false)" null)"
        plan b
        open=$(field '.sections[0].proposal.id')
        call b POST "/v1/plan-versions/$open/agree" 409
        say "  Ana proposes what she understands; it lacks $(field '[.lacks[].pointer] | join(", ")')"
        propose b "$(understanding "$(says "$tax" true)" "$(says "$wealth" false)")"
        say "  Dana writes her part, and confirms Ana's"
        propose a "$(understanding "$(says "$wealth" true)" "$(says "$tax" true)")"
        agree b business_understanding
        premature
    fi
    # ideal OURS THEIRS: the least assets that each asks for.
    ideal() {
        jq -nc --argjson us "$1" --argjson them "$2" '
            def profile: if . == null then null else {summary: null,
                figures: [{attribute: "investable_assets", min: ., max: null, unit: "USD", weight: 3, required: false}],
                traits: [{name: "business_owner", wanted: true, weight: 2, required: false}]} end;
            {section: "ideal_client", us: ($us | profile), them: ($them | profile), combined: null}'
    }
    if ! stands ideal_client; then
        take_back ideal_client
        propose a "$(ideal 500000 null)"
        propose b "$(ideal 250000 500000)"
        agree a ideal_client
        premature
    fi
    if ! stands success_definition; then
        take_back success_definition
        propose b "$(jq -nc --arg year "$(date -u +%Y)" '{section: "success_definition", expectations: "A slow first half.",
            metrics: [{key: "given", name: "Introductions by Ana", kind: "introductions_given", party: "them", target: 12, currency: null,
                starts_on: ($year + "-01-01"), ends_on: ($year + "-12-31"), direction: "at_least",
                ramp: [{due_on: ($year + "-06-30"), target: 3}]}]}')"
        agree a success_definition
        premature
    fi
    for who in a b; do
        call "$who" POST "/v1/partnerships/$partnership/plan-decisions" 201 \
            '{"decision": "proceed", "reason": "It makes sense for our clients."}'
        if [ "$who" = a ]; then premature; fi
    done
    say "  both decide to proceed"
    call a POST "/v1/partnerships/$partnership/activate" 200 '' "story-$run-activate"
    partnership_state=$(field .state)
    say "  Ana activated the partnership: $partnership_state"
fi
[ "$partnership_state" = active ] || stop "the partnership is $partnership_state, not active"
say "  the partnership is active"

chapter "Ana's CRM"
status=401
if remembered -e .crm >/dev/null; then crm_token '200|401'; fi
if [ "$status" = 401 ]; then
    call a POST /v1/api-clients 201 '{"name": "CRM",
        "scopes": ["clients:read", "clients:write", "introductions:read", "introductions:write"]}'
    jq '{client_id, client_secret}' "$work/body" >"$work/crm_credentials"
    remember --slurpfile crm "$work/crm_credentials" '.crm = $crm[0]'
    say "  Ana created the API client $(field .client_id)"
    crm_token 200
fi
say "  the CRM has a token for: $(field .scope)"

# Which rows repeat an earlier row's address or number, as they are written.
jq -s 'reduce .[] as $row ({rows: [], email: {}, phone: {}};
        ($row.body.email // "" | ascii_downcase) as $email | ($row.body.phone // "") as $phone
        | .rows += [{email: $email, by_email: ($email != "" and .email[$email]), by_phone: ($phone != "" and .phone[$phone])}]
        | .email[$email] = true | .phone[$phone] = true)
    | .rows' "$work/clients" >"$work/repeats"
repeating='($repeats[0][.n] | .by_email or .by_phone)'

# Those come last and one by one: of two rows with one address, the first is always the one that stands.
begun=$SECONDS
jq -c --slurpfile repeats "$work/repeats" "select($repeating | not)" "$work/clients" >"$work/requests"
send 16
mv "$work/answers" "$work/answers.first"
jq -c --slurpfile repeats "$work/repeats" "select($repeating)" "$work/clients" >"$work/requests"
send 1
jq -sc 'sort_by(.n)[]' "$work/answers.first" "$work/answers" >"$work/answers.all"
mv "$work/answers.all" "$work/answers"
answered '.status == 200 or .status == 201
    or (.status == 409 and (.body.type | endswith("/already-exists")) and .body.existing_id != null)'
created=$(how_many '.outcome == "created"')
jq -c 'select(.status != 409) | {n, id: .body.id}' "$work/answers" >"$work/client_ids"
# What came of each row; a refusal names the client that stands in the way, which is another row's.
jq -s --slurpfile repeats "$work/repeats" --slurpfile ids "$work/client_ids" '
    ($ids | map({key: .id, value: .n}) | from_entries) as $row_of
    | map(.n as $n | (if .status == 409 then $row_of[.body.existing_id] else null end) as $other
        | {repeats: $repeats[0][$n] | (.by_email or .by_phone), refused: (.status == 409), other: $other,
            by_email: ($other != null and $repeats[0][$n].email != "" and $repeats[0][$n].email == $repeats[0][$other].email),
            not_read: (.body.warnings // [] | index("phone_not_read") != null)})' "$work/answers" >"$work/kinds"
kinds() { jq "map(select($1)) | length" "$work/kinds"; }
say "  $rows rows sent as clients:"
say "    created $created, updated $(how_many '.outcome == "updated"'), unchanged $(how_many '.outcome == "unchanged"')"
say "    refused as the same person as another $(kinds .refused)," \
    "by e-mail $(kinds '.refused and .by_email'), by phone $(kinds '.refused and (.by_email | not)')"
say "    rows that repeat an earlier row's e-mail or phone $(kinds .repeats):" \
    "refused $(kinds '.repeats and .refused')," \
    "taken since the phone can't be read as a number $(kinds '.repeats and (.refused | not) and .not_read')"
[ "$(kinds '.refused and .other == null')" = 0 ] || stop "a refusal names a client that is not there"

# Here the two really are two people, so the CRM says so.
jq -c --slurpfile answers "$work/answers" 'select($answers[.n].status == 409) | .body.distinct_person = true' \
    "$work/clients" >"$work/requests"
send 1
answered '.status == 200 or .status == 201'
again=$(how_many '.outcome == "created"')
say "  the refused sent again as distinct persons: $(how_many true):" \
    "created $again, updated $(how_many '.outcome == "updated"'), unchanged $(how_many '.outcome == "unchanged"')"
created=$((created + again))
jq -c '{n, id: .body.id}' "$work/answers" >>"$work/client_ids"

jq -c --slurpfile ids "$work/client_ids" --arg partnership "$partnership" '
    ($ids | map({key: (.n | tostring), value: .id}) | from_entries) as $ids
    | {n, path: (.path | sub("/clients/"; "/introductions/")), body: {
        partnership_id: $partnership, client_id: $ids[.n | tostring],
        summary: "Would like a second opinion before the end of the tax year.",
        expected_value: {amount_minor: 250000, currency: "USD"}}}' "$work/clients" >"$work/requests"
send 16
answered '.status == 200 or .status == 201'
drafts=$(how_many '.outcome == "created"')
say "  $rows rows sent as introductions: created $drafts as drafts," \
    "updated $(how_many '.outcome == "updated"'), unchanged $(how_many '.outcome == "unchanged"')"
say "  sent in $((SECONDS - begun)) s"
jq -c '{n, id: .body.id, client_id: .body.client.id}' "$work/answers" >"$work/introductions"

chapter "Introductions"
offers=$((rows < 10 ? rows : 10))
head -n "$offers" "$work/introductions" >"$work/offers"
offered=0
while IFS= read -r id; do
    call crm GET "/v1/introductions/$id" 200
    [ "$(field .stage)" = draft ] || continue
    call crm POST "/v1/introductions/$id/offer" 200 '' "story-$run-offer-$id"
    offered=$((offered + 1))
done < <(jq -r .id "$work/offers")
say "  the CRM offered $offered; $((offers - offered)) were offered before"
introduction=$(jq -rs '.[0].id' "$work/offers")
client=$(jq -rs '.[0].client_id' "$work/offers")
name=$(jq -rs '.[0].body.name' "$work/clients")

standing_consent() {
    pages crm "/v1/clients/$client/consents"
    consent=$(jq -r 'map(select(.withdrawn_at == null))[0].id // empty' "$work/all")
}
call crm GET "/v1/introductions/$introduction" 200
if [ "$(field '"\(.stage) \(.has_consent)"')" = "accepted true" ]; then
    standing_consent
    call crm POST "/v1/consents/$consent/withdraw" 200
    say "  the consent that a run cut short had left was withdrawn"
fi

pages b '/v1/introductions?direction=received'
[ "$(jq length "$work/all")" = "$offers" ] || stop "B lists $(jq length "$work/all") introductions, not the $offers that were offered"
[ "$(jq 'map(select(.client.sealed)) | length' "$work/all")" = "$offers" ] || stop "not all are sealed"
say "  Dana lists $offers of them, all sealed, and no draft"
must_not_know "in the list"

call b GET "/v1/introductions/$introduction" 200
reference=$(field .reference)
if [ "$(field .stage)" = offered ]; then
    standing_consent
    if [ -z "$consent" ]; then
        call crm POST "/v1/clients/$client/consents" 201 \
            "$(jq -n --arg partnership "$partnership" --arg on "$(in_days -1)" '{partnership_id: $partnership, given_on: $on,
                method: "written", scope: "Name, address and the reason for the introduction"}')"
        consent=$(field .id)
    fi
    call b GET "/v1/introductions/$introduction" 200
    [ "$(field .client.sealed)" = true ] || stop "consent alone has unsealed $reference"
    say "  the CRM recorded the client's consent for $reference; Dana has not accepted it: sealed"
    must_not_know "after consent, before acceptance"

    call b POST "/v1/introductions/$introduction/accept" 200 '' "story-$run-accept-introduction"
    [ "$(field .client.sealed) $(field .client.name)" = "false $name" ] || stop "acceptance has not unsealed $reference"
    say "  Dana accepted $reference and sees the client: $name"
    call b GET "/v1/introductions/$introduction" 200
    [ "$(field .client.name)" = "$name" ] || stop "the accepted introduction shows no name"
    : >"$work/seen_by_b"

    call crm POST "/v1/consents/$consent/withdraw" 200 '' "story-$run-withdraw-consent"
    call b GET "/v1/introductions/$introduction" 200
    [ "$(field .client.sealed)" = true ] || stop "the consent's end has not sealed $reference"
    # The answer to a repeated request is shown as the caller may see it now.
    call b POST "/v1/introductions/$introduction/accept" 200 '' "story-$run-accept-introduction"
    pages b '/v1/introductions?direction=received'
    say "  the client's consent was withdrawn; Dana sees $reference sealed again, also where she repeats her request"
    must_not_know "after the consent was withdrawn"
else
    [ "$(field '"\(.stage) \(.client.sealed)"')" = "accepted true" ] || stop "$reference is not as it was left"
    say "  $reference is accepted and its consent withdrawn, as it was left: sealed"
    must_not_know "in what was sealed again"
fi

chapter "What each will do by when"
find_step() { # title
    pages a "/v1/partnerships/$partnership/timeline"
    jq --arg title "$1" '[.[] | select(.title == $title)][0] // {}' "$work/all" >"$work/step"
    step=$(jq -r '.id // empty' "$work/step")
}
lay() { # who title due
    call "$1" POST "/v1/partnerships/$partnership/action-steps" 201 \
        "$(jq -n --arg title "$2" --arg due "$3" '{owner: "them", kind: "internal", title: $title, due_on: $due}')" "story-$run-step-on-$3"
    step=$(field .id)
    [ "$(field .state)" = proposed ] || stop "a step laid on the other is $(field .state)"
}
promise() { # who
    call "$1" POST "/v1/action-steps/$step/accept" 200
    [ "$(field .state)" = planned ] || stop "an accepted step is $(field .state)"
}

letter="Send the engagement letter for review"
find_step "$letter"
if [ -z "$step" ]; then
    lay a "$letter" "$(in_days 7)"
    say "  Ana laid a step on Dana: $letter, by $(field .due_on)"
fi
call b GET "/v1/action-steps/$step" 200
if [ "$(field .state)" = proposed ]; then
    promise b
    say "  Dana accepted it: promised for $(field .promised_on)"
    call b POST "/v1/action-steps/$step/reschedule" 200 \
        "$(jq -n --arg due "$(in_days 10)" '{due_on: $due, reason: "Our counsel reads it first."}')"
    say "  Dana moved it to $(field .due_on); promised stays $(field .promised_on)"
    due=$(field .due_on)
    call a POST "/v1/action-steps/$step/reschedule" 200 \
        "$(jq -n --arg due "$(in_days 12)" '{due_on: $due, reason: "We are away until then."}')"
    [ "$(field .due_on)" = "$due" ] || stop "a proposed date has moved the step"
    say "  Ana proposed another date, $(field .proposed_due_on); it is due $due until Dana answers"
fi
proposed=$(field '.proposed_due_on // empty')
if [ -n "$proposed" ]; then
    call b POST "/v1/action-steps/$step/accept" 200
    [ "$(field .due_on) $(field .proposed_due_on)" = "$proposed null" ] || stop "the accepted date does not stand"
    say "  Dana accepted the date: due $(field .due_on)"
fi
clients="Name the three clients to speak of first"
find_step "$clients"
if [ -z "$step" ]; then
    lay b "$clients" "$(in_days 3)"
    say "  Dana laid a step on Ana: $clients, by $(field .due_on)"
fi
call a GET "/v1/action-steps/$step" 200
if [ "$(field .state)" = proposed ]; then promise a; fi
if [ "$(field .state)" = planned ]; then
    call a POST "/v1/action-steps/$step/complete" 200 "$(jq -n --arg on "$(in_days -1)" '{done_on: $on}')"
    say "  Ana accepted it and has done it on $(field .done_on)"
fi
pages a "/v1/partnerships/$partnership/timeline"
say "  the timeline, as Ana's firm sees it:"
jq -r '.[] | "    due \(.due_on)  \(.owner)  \(.state)  \(.title) (promised \(.promised_on // "not yet"))"' "$work/all"
there=$(jq --arg one "$letter" --arg other "$clients" 'map(select(.title == $one or .title == $other)) | length' "$work/all")
[ "$there" = 2 ] || stop "the timeline has $there of the two steps"

chapter "A week of conversations"
# agenda WHO MEETING: what the records bring up, a line each.
agenda() {
    call "$1" GET "/v1/meetings/$2/agenda" 200
    jq -r '.sections[] | .topic as $topic | .entries[] | "    \($topic): \(.words)\(if .carried_from_id then " (carried over)" else "" end)"' "$work/body"
}
# on_agenda MEETING TITLE: where the item stood first, empty where it is on the agenda for the first time.
on_agenda() {
    call b GET "/v1/meetings/$1/agenda" 200
    field --arg title "$2" '[.sections[].entries[], .other_items[]] | map(select(.words | contains($title)))[0]
        | if . == null then "absent" else (.carried_from_id // "") end'
}
if ! stands communication_protocol; then
    take_back communication_protocol
    call a GET /v1/me 200
    ana=$(field .member.id)
    call b GET /v1/me 200
    dana=$(field .member.id)
    propose a "$(jq -nc --arg us "$ana" --arg them "$dana" '{section: "communication_protocol", weekday: "tuesday", time: "09:30",
        time_zone: "America/Denver", minutes: 30, members: {us: [$us], them: [$them]}, document_period: "P3M", meal_cadence: "P1M",
        imbalance_threshold: 0.5, balance_measure: "accepted", first_answer_target: "P7D"}')"
    agree b communication_protocol
fi
# planned AT: the id of a planned meeting, the first or the second to come.
planned() { jq -r --argjson at "$1" '.[$at].id // empty' "$work/all"; }
# The service lays the weeks out once both have agreed.
for _ in $(seq 60); do
    pages a "/v1/partnerships/$partnership/meetings?state=planned"
    [ -z "$(planned 1)" ] || break
    sleep 1
done
[ -n "$(planned 1)" ] || stop "no weekly conversation is laid out a minute after both agreed on one"
say "  $(jq length "$work/all") conversations are laid out, the first at $(jq -r '.[0].starts_local_us | .shown_on + " at " + .time' "$work/all") by Ana's clock"
seminar="Who speaks first at the seminar?"
folder="Which folder do we share?"
pages a "/v1/partnerships/$partnership/agenda-items"
if [ "$(jq --arg title "$seminar" 'any(.[]; .title == $title)' "$work/all")" = false ]; then
    pages a "/v1/partnerships/$partnership/meetings?state=planned"
    this=$(planned 0)
    next=$(planned 1)
    bring() { # who title
        call "$1" POST "/v1/partnerships/$partnership/agenda-items" 201 \
            "$(jq -nc --arg title "$2" --arg meeting "$this" '{title: $title, topic: "team", meeting_id: $meeting}')"
        field .id
    }
    bring a "$seminar" >/dev/null
    done_item=$(bring b "$folder")
    say "  the agenda of this week, made from the records:"
    agenda a "$this"
    call b POST "/v1/agenda-items/$done_item/resolve" 200 '{"resolution": "The one of last year."}'
    call a POST "/v1/meetings/$this/hold" 200 \
        "$(jq -nc '{held_at: (now | strftime("%Y-%m-%dT%H:%M:%SZ")), attendance: {us: [], them: []}, topics: ["introductions", "action_steps", "team"]}')"
    say "  they spoke; covered: $(field '.coverage | tojson')"
    call a POST "/v1/meetings/$this/outcomes" 201 "$(jq -nc --arg due "$(in_days 5)" '{outcome: {kind: "action_step", action_step:
        {owner: "us", kind: "internal", title: "Ask the hall for three dates", due_on: $due}}}')" "story-$run-outcome"
    say "  one thing came of it, in one call: an action step of Ana's, due $(in_days 5)"
    [ "$(on_agenda "$next" "$seminar")" = "$this" ] || stop "what was not done is not carried over to the next agenda"
    [ "$(on_agenda "$next" "$folder")" = absent ] || stop "what was done is on the next agenda"
    say "  the agenda of next week carries over what was not done:"
    agenda b "$next"
else
    say "  they have spoken, and what was not done is on the next agenda, as it was left"
fi
call b GET "/v1/partnerships/$partnership/conversations" 200
say "  they last spoke at $(field .last_held_at); weeks kept in a row: $(field .streak_weeks); the next is due at $(field .next_due_at)"

chapter "What it comes to, as each of the two reads it"
figures() { # who what
    call "$1" GET "/v1/partnerships/$partnership/$2" 200
}
figures a results
say "  against what both call success:"
jq -r '.metrics[] | "    \(.name): \(.actual) of \(.target), \(.expected) expected by now: \(.pace)"' "$work/body"
figures a reciprocity
ours="$(field .given.introductions) $(field .received.introductions) $(field '.balance // 0')"
say "  Ana reads: given $(field .given.introductions), received $(field .received.introductions), $(field .verdict)"
figures b reciprocity
theirs="$(field .received.introductions) $(field .given.introductions) $(field '0 - (.balance // 0)')"
say "  Dana reads: given $(field .given.introductions), received $(field .received.introductions), $(field .verdict)"
[ "$ours" = "$theirs" ] || stop "the two read different figures: $ours and $theirs"
figures a vitality
level=$(field .level)
say "  how alive it is: $level"
jq -r '.parts[] | "    \(.part): \(.words)"' "$work/body"
figures b vitality
[ "$(field .level)" = "$level" ] || stop "one reads $level, the other $(field .level)"

chapter "What is there now, page by page ($today)"
pages crm /v1/clients
clients_now=$(jq length "$work/all")
jq '[.[].warnings[]] | group_by(.) | map({key: .[0], value: length}) | from_entries' "$work/all" >"$work/warnings"
jq '{clients: length, distinct: map(select(.distinct_person)) | length,
    phone_not_read: map(select(.warnings | index("phone_not_read"))) | length,
    same_name: map(select(.warnings | index("same_name"))) | length}' "$work/all" >"$work/totals"
pages crm '/v1/introductions?direction=given'
jq --slurpfile totals "$work/totals" '$totals[0] + {introductions: length, clients_introduced: map(.client.id) | unique | length,
    stages: group_by(.stage) | map({key: .[0].stage, value: length}) | from_entries}' "$work/all" >"$work/totals.all"
jq -r '"  clients \(.clients), of which distinct persons by the CRM'"'"'s word \(.distinct)",
    "  warnings: phone_not_read \(.phone_not_read), same_name \(.same_name)",
    "  introductions \(.introductions), of \(.clients_introduced) clients: \(.stages | to_entries | map("\(.key) \(.value)") | join(", "))"' "$work/totals.all"
[ "$clients_now" = "$rows" ] || stop "there are $clients_now clients, not one for each of $rows rows"
jq -e '.introductions == .clients and .clients_introduced == .clients' "$work/totals.all" >/dev/null ||
    stop "there is not one introduction for each client"

if remembered -e .totals >/dev/null; then
    jq -e --slurpfile now "$work/totals.all" '.totals == $now[0]' "$state" >/dev/null ||
        stop "the run before ended with $(remembered -c .totals)"
    [ "$created $drafts" = "0 0" ] || stop "created $created clients and $drafts introductions that were there"
    say "  the same as after the run before: nothing is there twice"
else
    remember --slurpfile now "$work/totals.all" '.totals = $now[0]'
    if [ "$is_first" = true ]; then say "  kept in $state; run it again, and nothing may be there twice"; fi
fi
