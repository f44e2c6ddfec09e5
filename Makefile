# Builds, runs and tests the product. One make, no recursion; `make help` lists what it does.
# It must never need anything that deploy/setup does not install, nor build anything twice.

MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.SECONDARY:
.DEFAULT_GOAL := all

# ---- what a caller may give ------------------------------------------------------------------------------------------

PORT     ?= 8080
# Postgres never runs as root, and may not enter root's home: there the data go where data go
VAR      ?= $(shell [ "$$(id -u)" != 0 ] || setpriv --reuid 65534 --regid 65534 --clear-groups test -x '$(CURDIR)' && echo var || echo /var/lib/leadwire)
EMPTY    ?=
ROW      ?=
SANITIZE ?=
FAULTS   ?=
BUILD    ?= build$(if $(SANITIZE),/$(if $(findstring thread,$(SANITIZE)),tsan,asan),$(if $(FAULTS),/faults))
CC       := gcc
AR       := gcc-ar

# ---- flags -----------------------------------------------------------------------------------------------------------

WARNINGS := -Wall -Wextra -Wshadow -Wswitch-enum -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 -Werror
CFLAGS   := -std=c17 -O2 -g $(WARNINGS) -fno-omit-frame-pointer -fno-plt -fstack-protector-strong -pthread
CPPFLAGS := -D_GNU_SOURCE -Icommon -Iproto -I$(BUILD)/gen -I/usr/include/postgresql
LDFLAGS  := -pthread -Wl,--as-needed -Wl,-z,relro,-z,now
LIBS     := -lczmq -lzmq -lpq -lmsgpackc -luv -lmicrohttpd -ljansson -lsodium -loath -lqrencode -lcsv -lcurl -lcares -lcrypto -llz4 -lzstd -lm
ifneq ($(SANITIZE),)
CFLAGS   += -fsanitize=$(SANITIZE) -fno-sanitize-recover=all
LDFLAGS  += -fsanitize=$(SANITIZE)
FAULTS   := 1	# the builds that tests run have fault points
endif
ifneq ($(FAULTS),)
CPPFLAGS += -DFAULTS
endif

# ---- what there is ---------------------------------------------------------------------------------------------------

PROGRAMS := $(patsubst services/%/main.c,%,$(wildcard services/*/main.c))
DAEMONS  := $(filter-out crmctl,$(PROGRAMS))
sources   = $(filter-out %_test.c,$(wildcard $(1)/*.c))
objects   = $(patsubst %.c,$(BUILD)/obj/%.o,$(call sources,$(1)))
# a room's folder of SQL becomes gen/<room>_sql.c, the room's name as a C word; that of common/ is the bus
c_word    = $(patsubst common,bus,$(subst -,_,$(notdir $(1))))
sql       = $(if $(wildcard $(1)/sql/*.sql),$(BUILD)/gen/$(call c_word,$(1))_sql.$(2))
sql_o     = $(patsubst $(BUILD)/gen/%.c,$(BUILD)/obj/gen/%.o,$(call sql,$(1),c))

COMMON_O := $(call objects,common) $(call objects,proto) $(call sql_o,common)
UNITS    := $(patsubst %.c,$(BUILD)/test/%,$(wildcard common/*_test.c proto/*_test.c services/*/*_test.c tests/unit/*.c))
STORIES  := $(foreach kind,flow chaos ops bench,$(if $(wildcard tests/$(kind)/*.c),$(BUILD)/$(kind)))
FUZZERS  := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/*.c))
SQL_H    := $(foreach room,common $(wildcard services/*),$(call sql,$(room),h))

.PHONY: all help setup run test compose-test chaos mail-kills invoice-kills rule-kills rule-waits replicas bench fuzz guide storm many lighthouse check-source format web documents lights clean units stories fuzzers
all: $(addprefix $(BUILD)/,$(PROGRAMS))	## every daemon and crmctl
units: $(UNITS)				## the unit tests, built
stories: $(STORIES)			## the flow, chaos and bench programs, built
fuzzers: $(FUZZERS)			## the fuzz targets, built (clang)

# ---- compile and link ------------------------------------------------------------------------------------------------

# Needs are looked at before anything is compiled; order-only, so they never make anything stale.
NEEDS := $(if $(filter test bench fuzz mail-kills invoice-kills rule-kills rule-waits replicas check-source units stories fuzzers,$(MAKECMDGOALS)),test,run)
setup:
	@deploy/setup $(NEEDS)

# Everything is compiled again when the flags change, and only then: this file changes when they do.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D); echo '$(CC) $(CFLAGS) $(CPPFLAGS)' | cmp -s - $@ || echo '$(CC) $(CFLAGS) $(CPPFLAGS)' >$@
FORCE:

# GMime reads mail, in one file; where its headers lie is asked when that is compiled, for it may have been installed just now
GMIME_OBJECTS := $(BUILD)/obj/services/mailer/mime.o $(BUILD)/obj-fuzz/services/mailer/mime.o
$(GMIME_OBJECTS): private HEADERS = $(subst -I,-isystem ,$(shell pkg-config --cflags-only-I gmime-3.0))
$(BUILD)/mailer $(BUILD)/test/services/mailer/% $(BUILD)/fuzz/mail_read: private LIBS += -lgmime-3.0 -lgobject-2.0 -lglib-2.0

# Pango draws documents in one file (and words alone in the benchmark), libxml2 writes and reads those for machines
PAGE_OBJECTS := $(BUILD)/obj/services/billing/sheet.o $(BUILD)/obj/tests/bench/documents.o $(BUILD)/obj-fuzz/services/billing/sheet.o
XML_OBJECTS := $(patsubst %,$(BUILD)/obj/services/billing/%.o,ubl ubl_check ubl_test camt) $(BUILD)/obj/services/gateway/auditfile.o $(BUILD)/obj/services/gateway/auditfile_test.o $(patsubst %,$(BUILD)/obj-fuzz/services/billing/%.o,ubl ubl_check camt)
$(PAGE_OBJECTS): private HEADERS = $(subst -I,-isystem ,$(shell pkg-config --cflags-only-I pangocairo))
$(XML_OBJECTS): private HEADERS = $(subst -I,-isystem ,$(shell pkg-config --cflags-only-I libxml-2.0))
BILLING_LIBS := -lpangocairo-1.0 -lpango-1.0 -lcairo -lgobject-2.0 -lglib-2.0 -lxml2
$(BUILD)/billing $(BUILD)/test/services/billing/%: private LIBS += $(BILLING_LIBS)
$(BUILD)/gateway $(BUILD)/test/services/gateway/%: private LIBS += -lxml2
# libyaml reads and writes a workspace's configuration
$(BUILD)/crmctl $(BUILD)/test/services/crmctl/%: private LIBS += -lyaml

# GLib reads the time zones, and counts months
ZONE_OBJECTS := $(foreach obj,obj obj-fuzz,$(patsubst %,$(BUILD)/$(obj)/services/automation/%.o,zone rule_time))
$(ZONE_OBJECTS): private HEADERS = $(subst -I,-isystem ,$(shell pkg-config --cflags-only-I glib-2.0))
$(BUILD)/automation $(BUILD)/test/services/automation/%: private LIBS += -lglib-2.0

$(BUILD)/obj/%.o: %.c $(BUILD)/flags | setup $(SQL_H)
	@mkdir -p $(@D); echo "cc $<"
	@$(CC) $(CFLAGS) $(CPPFLAGS) $(HEADERS) -MMD -MP -c -o $@ $<

# the presets stand in this object as bytes, which the compiler does not tell make
$(BUILD)/obj/services/gateway/presets.o: $(wildcard proto/presets/*.json)

# so do the documents about the API, which crmctl writes from the same tables
$(BUILD)/gen/%api.json: $(BUILD)/crmctl
	@mkdir -p $(@D); $(BUILD)/crmctl docs $*api >$@.new && { cmp -s $@.new $@ || cp $@.new $@; rm -f $@.new; touch $@; }
$(BUILD)/obj/services/gateway/documents.o: $(BUILD)/gen/openapi.json $(BUILD)/gen/asyncapi.json
$(BUILD)/obj/services/gateway/documents.o: private CPPFLAGS += -DGEN='"$(BUILD)/gen/"'

$(BUILD)/obj/gen/%.o: $(BUILD)/gen/%.c $(BUILD)/flags | setup $(SQL_H)
	@mkdir -p $(@D); echo "cc $<"
	@$(CC) $(CFLAGS) $(CPPFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/common.a: $(COMMON_O)
	@mkdir -p $(@D); echo "ar $@"; rm -f $@.new; $(AR) rcs $@.new $^ && mv $@.new $@

define link
@mkdir -p $(@D); echo "ld $@"; $(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LIBS)
endef

define program
$(BUILD)/$(1): $$(call objects,services/$(1)) $$(call sql_o,services/$(1)) $(BUILD)/common.a
	$$(link)
endef
$(foreach name,$(PROGRAMS),$(eval $(call program,$(name))))

# A unit test is one program: the test, and what stands in its own folder (but a service's main).
beside = $(if $(filter services/%,$(1)),$(filter-out %/main.o,$(call objects,$(1))) $(call sql_o,$(1)))
define unit
$(BUILD)/test/$(1): $(BUILD)/obj/$(1).o $(call beside,$(patsubst %/,%,$(dir $(1)))) $(BUILD)/common.a
	$$(link)
endef
$(foreach test,$(UNITS),$(eval $(call unit,$(test:$(BUILD)/test/%=%))))
# the gateway reads rules as automation does, to say what is wrong with one before it is written, and asks them of what was said already
RULE_OBJECTS := $(patsubst %,$(BUILD)/obj/services/automation/%.o,fact fact_written rule rule_with rule_write rule_eval rule_time zone known known_fact known_moves firing action fact_json trial condition_json)
$(BUILD)/gateway $(BUILD)/test/services/gateway/%: private LIBS += -lglib-2.0
$(BUILD)/gateway $(filter $(BUILD)/test/services/gateway/%,$(UNITS)): $(RULE_OBJECTS)
# and reads kept requests as the door of lead-intake reads them
READING_OBJECTS := $(patsubst %,$(BUILD)/obj/services/lead-intake/%.o,reading mapping rules_body rules_consent rules_map rules_value sender sender_sign sender_forms sender_talks)
$(BUILD)/gateway $(filter $(BUILD)/test/services/gateway/%,$(UNITS)): $(READING_OBJECTS)
# crmctl writes what rules say in their one form, and says which of their conditions failed
$(BUILD)/crmctl $(filter $(BUILD)/test/services/crmctl/%,$(UNITS)): $(patsubst %,$(BUILD)/obj/services/automation/%.o,fact fact_written rule rule_with rule_write condition_json)
# what we write of iCalendar is read by another maker's reader, which the product itself does not need
$(BUILD)/test/services/gateway/ics_test: private LIBS += -lical

# Stories, crash runs and benchmarks drive the daemons from outside: one program each, with what they share in tests/stack.
define story
$(1): $(call objects,tests/$(notdir $(1))) $(call objects,tests/stack) $(BUILD)/common.a
	$$(link)
endef
$(foreach program,$(STORIES),$(eval $(call story,$(program))))
# what moves the clock of a house under test; loaded into its processes
$(BUILD)/clock.so: tests/ops/shim/clock.c
	@mkdir -p $(@D); echo "ld $@"; $(CC) -std=c17 -O1 $(WARNINGS) -shared -fPIC -o $@ $< -ldl
$(BUILD)/flow $(BUILD)/ops: $(BUILD)/clock.so
# the benchmark fills templates, reads mails and draws documents in its own process
$(BUILD)/bench: $(patsubst %,$(BUILD)/obj/services/mailer/%.o,mime quoted inbound) $(patsubst %,$(BUILD)/obj/services/billing/%.o,amounts epc identifiers page page_words rates sheet)
$(BUILD)/bench: private LIBS += -lgmime-3.0 $(BILLING_LIBS)

# libFuzzer is clang's; what it watches is compiled again with its instrumentation, into a place of its own.
FUZZ := $(BUILD)/obj-fuzz
fuzz_o = $(patsubst $(BUILD)/obj/%,$(FUZZ)/%,$(1))
FUZZ_CFLAGS = $(filter-out -Wno-%,$(CFLAGS)) -fno-sanitize-recover=all

$(FUZZ)/gen/%.o: $(BUILD)/gen/%.c $(BUILD)/flags | setup $(SQL_H)
	@mkdir -p $(@D); echo "clang $<"; clang $(FUZZ_CFLAGS) $(CPPFLAGS) -fsanitize=fuzzer-no-link,address,undefined -MMD -MP -c -o $@ $<
$(FUZZ)/%.o: %.c $(BUILD)/flags | setup $(SQL_H)
	@mkdir -p $(@D); echo "clang $<"; clang $(FUZZ_CFLAGS) $(CPPFLAGS) $(HEADERS) -fsanitize=fuzzer-no-link,address,undefined -MMD -MP -c -o $@ $<
$(BUILD)/fuzz/common.a: $(call fuzz_o,$(COMMON_O))
	@mkdir -p $(@D); rm -f $@; $(AR) rcs $@ $^
# targets of what stands in a service's folder
$(BUILD)/fuzz/html_follow: $(FUZZ)/services/mailer/follow.o
$(BUILD)/fuzz/imap_read: $(FUZZ)/services/mailer/imap.o
$(BUILD)/fuzz/dns_read: $(patsubst %,$(FUZZ)/services/mailer/%.o,dns dns_answer spf)
$(BUILD)/fuzz/mail_read: $(patsubst %,$(FUZZ)/services/mailer/%.o,mime quoted inbound)
$(BUILD)/fuzz/bank_read: $(patsubst %,$(FUZZ)/services/billing/%.o,bank camt mt940)
$(BUILD)/fuzz/bank_read: private LIBS += -lxml2
$(BUILD)/fuzz/page_draw: $(patsubst %,$(FUZZ)/services/billing/%.o,page page_words sheet leaks amounts epc identifiers rates)
$(BUILD)/fuzz/page_draw: private LIBS += $(BILLING_LIBS)
$(BUILD)/fuzz/ubl_check: $(patsubst %,$(FUZZ)/services/billing/%.o,ubl ubl_check amounts rates)
$(BUILD)/fuzz/ubl_check: private LIBS += -lxml2
$(BUILD)/fuzz/config_read: $(patsubst %,$(FUZZ)/services/crmctl/%.o,config_file config_plan yaml_file)
$(BUILD)/fuzz/config_read: private LIBS += -lyaml
$(BUILD)/fuzz/rule_read: $(patsubst %,$(FUZZ)/services/automation/%.o,fact fact_written fact_json rule rule_with rule_write rule_eval action zone rule_time)
$(BUILD)/fuzz/rule_read: private LIBS += -lglib-2.0
$(BUILD)/fuzz/hook_read: $(patsubst %,$(FUZZ)/services/automation/%.o,hook_sign hook_schedule)
$(BUILD)/fuzz/sender_read: $(patsubst %,$(FUZZ)/services/lead-intake/%.o,sender sender_sign sender_forms sender_talks rules_body rules_consent rules_map rules_value mapping)
$(BUILD)/fuzz/mapping_read: $(patsubst %,$(FUZZ)/services/lead-intake/%.o,reading rules_body rules_consent rules_map rules_value mapping sender sender_sign sender_forms sender_talks)
$(BUILD)/fuzz/%: $(FUZZ)/tests/fuzz/%.o $(BUILD)/fuzz/common.a
	@mkdir -p $(@D); echo "ld $@"; clang $(FUZZ_CFLAGS) $(LDFLAGS) -fsanitize=fuzzer,address,undefined -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LIBS)

# ---- SQL into C ------------------------------------------------------------------------------------------------------

sql_more_crmctl := deploy/postgres/roles.sql deploy/postgres/postgres.conf	# what `crmctl up` gives a new cluster, and a packaged one is given by psql
define embed
$(BUILD)/gen/$(call c_word,$(1))_sql.c: $(sort $(wildcard $(1)/sql/*.sql)) $(sql_more_$(call c_word,$(1))) deploy/sql2c.awk
	@mkdir -p $$(@D); echo "sql $(1)/sql"
	@LC_ALL=C awk -v room=$(call c_word,$(1)) -v out=$$(basename $$@).new -f deploy/sql2c.awk $$(filter-out %.awk,$$^)
	@cmp -s $$(basename $$@).new.h $$(basename $$@).h || cp $$(basename $$@).new.h $$(basename $$@).h; mv $$(basename $$@).new.c $$@
$(BUILD)/gen/$(call c_word,$(1))_sql.h: $(BUILD)/gen/$(call c_word,$(1))_sql.c ; @:
endef
$(foreach room,$(patsubst %/sql,%,$(wildcard common/sql services/*/sql)),$(eval $(call embed,$(room))))

# ---- the web app -----------------------------------------------------------------------------------------------------

WEB  := services/gateway/web
# where deploy/setup put a newer Node, if it had to
NODE := PATH="$(CURDIR)/.node/node_modules/node/bin:$$PATH"
WEB_SOURCES := $(if $(wildcard $(WEB)/package.json),$(shell find $(WEB) \( -name node_modules -o -name dist -o -name test \) -prune -o -type f -print) $(shell find docs/guide -type f 2>/dev/null))
web: $(if $(WEB_SOURCES),$(WEB)/dist/openapi.json)	## the web app's files, built when a source changed
$(WEB)/dist/openapi.json: $(WEB)/dist/index.html $(BUILD)/gen/openapi.json
	@cp $(BUILD)/gen/openapi.json $@
$(WEB)/node_modules/.package-lock.json: $(WEB)/package-lock.json | setup
	@echo "npm ci"; cd $(WEB) && NODE_EXTRA_CA_CERTS="$${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}" $(NODE) npm ci --no-fund --no-audit --loglevel=error && touch node_modules/.package-lock.json
$(WEB)/dist/index.html: $(WEB)/node_modules/.package-lock.json $(WEB_SOURCES)
	@echo "vite build"; cd $(WEB) && $(NODE) npm run --silent build && touch dist/index.html

# packages of the tests alone: those that hold the API's documents against the official schemas, and Lighthouse
DOCUMENTS  := tests/docs
LIGHTHOUSE := $(WEB)/tools/lighthouse
documents: $(DOCUMENTS)/node_modules/.package-lock.json
lights: $(LIGHTHOUSE)/node_modules/.package-lock.json
$(DOCUMENTS)/node_modules/.package-lock.json $(LIGHTHOUSE)/node_modules/.package-lock.json: %/node_modules/.package-lock.json: %/package-lock.json | setup
	@echo "npm ci"; cd $* && NODE_EXTRA_CA_CERTS="$${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}" $(NODE) npm ci --no-fund --no-audit --loglevel=error && touch node_modules/.package-lock.json

# ---- verbs -----------------------------------------------------------------------------------------------------------

run: all web	## start everything here; PORT=8080 VAR=var, EMPTY=1 for no demo data
	@$(BUILD)/crmctl up --var $(VAR) --port $(PORT) $(if $(EMPTY),,--demo)

test: setup	## every suite; ends with "N passed, N failed"
	@tests/run

compose-test:	## the product in containers, on a Docker engine that runs: A-1, A-2, TLS, replicas under load; no part of test
	@tests/compose/run $(LEADS)

bench: all stories	## the table of DESIGN's promises, and build/bench.json; ROW=name for one row
	@$(BUILD)/bench $(ROW)

guide: all web		## the pictures of the guide anew, from the browser tests' places: PICTURES="board bell" for some
	@ROOMS=guide E2E_PORT=$(or $(E2E_PORT),9120) PICTURES="$(PICTURES)" tests/e2e/run && $(MAKE) --no-print-directory web

storm: all web		## 1,000 moves before two browsers and 200 streams: how soon, none lost, all boards equal: MOVES=n STREAMS=n
	@ROOMS=storm E2E_PORT=$(or $(E2E_PORT),9120) MOVES=$(or $(MOVES),1000) STREAMS=$(or $(STREAMS),200) tests/e2e/run

many: all web		## the board with 10,000 cards in a browser: elements, longest task while dragging: CARDS=n
	@ROOMS=many E2E_PORT=$(or $(E2E_PORT),9120) CARDS=$(or $(CARDS),10000) tests/e2e/run

lighthouse: all web lights	## Lighthouse over every page: PAGES="help board" for some
	@ROOMS=lighthouse E2E_PORT=$(or $(E2E_PORT),9120) PAGES="$(PAGES)" tests/e2e/run

fuzz: fuzzers	## every fuzz target for a while: SECONDS=60 each
	@tests/fuzz/run $(SECONDS)

chaos: setup	## the crash suite, longer than CI's: SECONDS=600 SEED=1
	@tests/chaos/run $(or $(SECONDS),600) $(or $(SEED),1)

mail-kills: all $(BUILD)/flow	## mails while the mailer is killed again and again, and how many came twice: MAILS=1000 KILLS=50
	@FLOW_MAILS=$(or $(MAILS),1000) FLOW_KILLS=$(or $(KILLS),50) $(BUILD)/flow --only mail_survives

invoice-kills: all $(BUILD)/flow	## invoices finalised by eight at once while two replicas of billing are killed in turn: DOCS=10000
	@FLOW_DOCS=$(or $(DOCS),10000) $(BUILD)/flow --only numbers_without_holes

rule-kills: all $(BUILD)/flow	## from the lead to the paid invoice by rules, while every daemon is killed at random: KILLS=200
	@FLOW_KILLS=$(or $(KILLS),200) $(BUILD)/flow --only chain_once

rule-waits: all $(BUILD)/flow	## as many waits of rules that are due in one minute, with automation killed and the clock moved: WAITS=100000
	@FLOW_WAITS=$(or $(WAITS),100000) $(BUILD)/flow --only waits_spread

replicas: all $(BUILD)/flow	## leads with three contacts and three mailers, of which some die, and how often each was told: LEADS=10000
	@FLOW_LEADS=$(or $(LEADS),10000) $(BUILD)/flow --only leads_are_told_once

check-source: setup	## the style that a script can see, in seconds
	@tests/check-source

format: setup	## gives every C file the look that check-source wants
	@clang-format -i $$(git ls-files -co --exclude-standard '*.c' '*.h')

clean:	## what was built; data under VAR stays
	rm -rf build $(WEB)/dist

help:	## this
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | column -t -s "$$(printf '\t')"

-include $(shell find $(wildcard $(BUILD)/obj $(FUZZ)) /dev/null -name '*.d')
