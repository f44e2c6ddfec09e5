# Turns a room's .sql files into two C files: typed calls (OUT.h) and the statements with their texts (OUT.c).
# (A settings file's head line begins with '#', so that it stays one.) The head lines it understands and what it writes for each stand in common/sql.h; it must never change a statement's text.
# A part stands between `-- part: NAME` and the next head line; `-- use: NAME`, alone on its line, puts it into a statement, wherever either stands.
# usage: awk -v room=pipeline -v out=build/gen/pipeline_sql -f sql2c.awk services/pipeline/sql/*.sql

function fail (why)
{
	printf "%s:%d: %s\n", FILENAME, FNR, why > "/dev/stderr"
	failed = 1
	exit 1
}

# One line of SQL as a C literal; "??" would be a trigraph in C17.
function literal (line)
{
	gsub (/\\/, "&&", line)
	gsub (/"/, "\\\"", line)
	gsub (/\t/, "\\t", line)
	gsub (/\?\?/, "?\\?", line)
	return "\t\"" line "\\n\"\n"
}

function is_word (word)
{
	return word ~ /^[a-z][a-z0-9_]*$/
}

# -- name: x in -> out; prose
function statement_open (line,    part, n, i)
{
	sub (/^(--|#) name:[ \t]*/, "", line)
	sub (/;.*/, "", line)
	n = split (line, part, /[ \t]+/)
	while (n && part[n] == "")
		n--
	if (!n || !is_word(part[1]))
		fail("a statement needs a name of a-z, 0-9 and _")
	name = part[1]
	if (name in seen)
		fail("statement " name " stands twice, here and in " seen[name])
	seen[name] = FILENAME
	for (i = 2; i <= n; i++)
		if (part[i] !~ /^(->|=>|\+>|\*)$/ && !is_word(part[i]))
			fail("what is '" part[i] "'? the forms stand in common/sql.h")
	item = "(struct batch *b, const struct " part[2] " *item, size_t n"
	if (n == 1)
		{ macro = "SQL_PLAIN (" name; prototype("extern struct statement " name "_statement;") }
	else if (n == 3 && part[2] ~ /^[-=]>$/) {
		macro = "SQL_ALL (" name ", " part[3]
		prototype("const struct " part[3] " *" name " (struct batch *b, size_t *ret_n);")
	} else if (n == 2) {
		macro = "SQL_WRITE (" name ", " part[2]
		prototype("void " name " " item ");")
	} else if (n == 3 && part[3] == "*") {
		macro = "SQL_WRITE_ANY (" name ", " part[2]
		prototype("void " name " " item ");")
	} else if (n == 4 && part[3] == "->" && part[4] == "json")
		macro = "SQL_QUERY (" name ", " part[2]
	else if (n == 5 && part[3] == "->" && part[4] == "json" && part[5] == "kept")
		macro = "SQL_QUERY_KEPT (" name ", " part[2]
	else if (n == 4 && part[3] == "->") {
		macro = "SQL_LOAD (" name ", " part[2] ", " part[4]
		prototype("const struct " part[4] " *" name " " item ");")
	} else if (n == 4 && part[3] == "=>") {
		macro = "SQL_LIST (" name ", " part[2] ", " part[4]
		prototype("const struct " part[4] " *" name " " item ", size_t *ret_n);")
	} else if (n == 4 && part[3] == "+>") {
		macro = "SQL_EFFECT (" name ", " part[2] ", " part[4]
		prototype("extern struct statement " name "_statement;")
	} else
		fail("'" line "' is none of the forms in common/sql.h")
	text = ""
	open = 1
}

# Parts first, from every file: they may be used before they stand.
BEGIN {
	for (i = 1; i < ARGC; i++) {
		part_name = ""
		while (ARGV[i] ~ /\.sql$/ && (getline line < ARGV[i]) > 0) {
			if (line ~ /^-- part:/) {
				part_name = line
				sub (/^-- part:[ \t]*/, "", part_name)
				sub (/[ \t;].*/, "", part_name)
				if (!is_word(part_name) || part_name in parts) {
					print ARGV[i] ": the part '" part_name "' stands twice or has no name of a-z, 0-9 and _" > "/dev/stderr"
					failed = 1
					exit 1
				}
				parts[part_name] = ""
			} else if (line ~ /^-- name:/)
				part_name = ""
			else if (part_name != "" && line !~ /^[ \t]*$/)
				parts[part_name] = parts[part_name] part_line(line)
		}
		close (ARGV[i])
	}
}

# A line of a part, which may use another part that stands before it.
function part_line (line,    used)
{
	if (line !~ /^[ \t]*-- use:/)
		return literal(line)
	used = use_name(line)
	if (!(used in parts))
		return literal("-- no part " used " stands before this one") literal("there is no part " used)
	return parts[used]
}

function use_name (line)
{
	sub (/^[ \t]*-- use:[ \t]*/, "", line)
	sub (/[ \t;].*/, "", line)
	return line
}

function prototype (line)
{
	prototypes = prototypes line "\n"
}

function statement_close ()
{
	if (!open)
		return
	if (text == "")
		fail("statement " name " has no text")
	body = body "\n" macro ",\n" substr (text, 1, length (text) - 1) ")\n"
	list = list "\t&" name "_statement,\n"
	statements++
	open = 0
}

function migration_close ()
{
	if (migration == "")
		return
	moves = moves "\t{ " (migration + 0) ", \"" migration "\",\n" substr (text, 1, length (text) - 1) " },\n"
	migrations++
	migration = ""
}

FNR == 1 {
	statement_close()
	in_part = 0
	migration_close()
	file = FILENAME
	sub (/.*\//, "", file)
	sub (/\.sql$/, "", file)
	if (file ~ /^[0-9][0-9][0-9][0-9]_[a-z0-9_]+$/) {
		migration = file
		text = ""
		if (file + 0 != migrations + 1)
			fail("migrations are numbered without gaps; this should be " sprintf ("%04d", migrations + 1))
	}
}

migration != "" {
	text = text literal($0)
	next
}

/^(--|#) name:/ {
	statement_close()
	in_part = 0
	statement_open($0)
	next
}

/^-- part:/ {
	statement_close()
	in_part = 1
	next
}

in_part {
	next
}

open && /^[ \t]*-- use:/ {
	if (!(use_name($0) in parts))
		fail("there is no part '" use_name($0) "'")
	text = text parts[use_name($0)]
	next
}

open {
	if ($0 !~ /^[ \t]*$/)
		text = text literal($0)
	next
}

$0 !~ /^[ \t]*(--.*)?$/ {
	fail("SQL before the first '-- name:'")
}

END {
	if (failed)
		exit 1
	statement_close()
	migration_close()
	head = out ".h"
	code = out ".c"
	guard = toupper (room) "_SQL_H"
	printf "/* Made from sql/ by deploy/sql2c.awk; the texts stand there. */\n#ifndef %s\n#define %s\n\n#include \"sql.h\"\n", guard, guard > head
	if (room != "bus")
		print "#include \"records.h\"" > head
	printf "\n%sextern const struct sql_file %s_sql;\n\n#endif\n", prototypes, room > head
	printf "/* Made from sql/ by deploy/sql2c.awk; the texts stand there. */\n#include \"%s_sql.h\"\n%s", room, body > code
	if (statements)
		printf "\nstatic struct statement *const statements[] = {\n%s};\n", list > code
	if (migrations)
		printf "\nstatic const struct migration migrations[] = {\n%s};\n", moves > code
	printf "\nconst struct sql_file %s_sql = { %s, %d, %s, %d };\n", room, (statements ? "statements" : "NULL"), statements, \
		(migrations ? "migrations" : "NULL"), migrations > code
	close (head)
	close (code)
}
