# Virtual environments, one a client family, made once and kept in $DIR. Sourced by ../run.

check_python() {
    command -v "$PYTHON" > /dev/null || die "no $PYTHON: install Python 3.11, or set LETHE_INTEROP_PYTHON"
    "$PYTHON" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' ||
        die "$("$PYTHON" --version) will not do: dbt and Airflow need 3.11 to 3.13; set LETHE_INTEROP_PYTHON"
    "$PYTHON" -c 'import ensurepip, venv' ||
        die "$PYTHON cannot make virtual environments: apt-get install python3-venv"
}

# What the environment must be made of; its digest tells whether it has to be made anew.
venv_stamp() {
    { "$PYTHON" --version; cat "$HERE/requirements/$1.txt"; } | sha256sum
}

# make_venv FAMILY: makes $DIR/FAMILY from requirements/FAMILY.txt unless it is there already.
make_venv() {
    local place=$DIR/$1 stamp
    stamp=$(venv_stamp "$1")
    [ "$(cat "$place/stamp" 2> /dev/null)" = "$stamp" ] && return 0
    rm -rf "$place"
    echo "making $place"
    "$PYTHON" -m venv "$place" || return 1
    nice -n 10 "$place/bin/pip" install --quiet --disable-pip-version-check --no-deps \
        --requirement "$HERE/requirements/$1.txt" ||
        { echo "    FAILED pip could not install requirements/$1.txt: is a package index in reach?"; return 1; }
    echo "$stamp" > "$place/stamp"
}

# The client and version that a family is about, for the table.
client_of() {
    case $1 in
        -) curl --version | head -n 1 | cut -d ' ' -f 1,2 ;;
        openlineage) pins openlineage openlineage-python ;;
        audit) pins audit cryptography ;;
        schemathesis) pins schemathesis schemathesis ;;
        marquez) pins marquez marquez-python ;;
        dbt) pins dbt dbt-core openlineage-dbt ;;
        spark) pins spark pyspark ;;
        airflow) pins airflow apache-airflow apache-airflow-providers-openlineage ;;
    esac
}

pins() {
    local family=$1 found=() package
    shift
    for package in "$@"; do
        found+=("$(grep -m 1 "^$package==" "$HERE/requirements/$family.txt" | sed 's/==/ /')")
    done
    local IFS=,
    echo "${found[*]}" | sed 's/,/, /g'
}
