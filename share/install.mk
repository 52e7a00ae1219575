# SPDX-License-Identifier: MIT
# Man pages, and all that is installed, packed and shipped; part of Makefile.

SCDOC = scdoc
STRIP = strip
BINDIR = $(PREFIX)/bin
MANDIR = $(PREFIX)/share/man
DATADIR = $(PREFIX)/share/crit-tools
DOCDIR = $(PREFIX)/share/doc/crit-tools

# of test/images: small, and all that the examples of the pages need
DEMO = ct files incr loop oddnames redis sock socktcp tree

# Pages. A page that has a generator gets its lists from it.
MAN = $(patsubst share/man/%.scd, $(BUILD)/man/%, $(wildcard share/man/*.scd))

$(BUILD)/man/%: share/man/%.scd share/man.awk share/man_source.awk
	@mkdir -p $(@D)
	@set -e; awk -f share/man_source.awk $(or $(filter %.page, $^), $<) \
		$(filter %.part, $^) >$@.scd; \
		$(SCDOC) <$@.scd >$@.tmp; rm -f $@.scd; \
		awk -f share/man.awk $@.tmp >$@; rm -f $@.tmp

# Pages of programs get the section OPTIONS from the option tables. The compiler's
# -E is enough to read these: nothing runs that is for another machine.
$(FILTERS:%=$(BUILD)/man/%.1): $(BUILD)/man/%.1: $(BUILD)/man/%.page
$(BUILD)/man/%.page: share/man/%.1.scd filters/%.c filters/options_print.c \
		share/options.scd share/option_rows.awk share/man_options.awk \
		$(wildcard filters/*.h) | $(BUILD)/facts.h
	@mkdir -p $(@D)
	@$(CC) $(ALL_CFLAGS) -E -P $(filter %.c, $^) | \
		LC_ALL=C awk -f share/option_rows.awk | \
		LC_ALL=C awk -f share/man_options.awk - share/options.scd $< >$@

$(BUILD)/man/crit-images.5: $(BUILD)/man/images.part
$(BUILD)/man/images.part: share/images.awk share/images.yaml
	@mkdir -p $(@D)
	@LC_ALL=C awk -f $^ >$@

$(BUILD)/man/libcrit.3: $(BUILD)/man/header.part
$(BUILD)/man/header.part: share/header.awk lib/crit.h
	@mkdir -p $(@D)
	@LC_ALL=C awk -f $^ >$@

# man crit_open: a link for each function
FUNCTIONS := $(shell LC_ALL=C awk -f share/functions.awk lib/crit.h)
LINKS = $(FUNCTIONS:%=$(BUILD)/man/links/%.3)
$(LINKS): lib/crit.h
	@mkdir -p $(@D)
	@echo '.so man3/libcrit.3' >$@

man: $(MAN) $(LINKS)
tests: man
TEST_PACKAGES += scdoc mandoc man-db

# Completions, of the option tables that the programs have. RUNS runs them where
# they are for another machine (qemu-...).
RUNS =
COMPLETIONS = $(addprefix $(BUILD)/completions/, crit.bash crit.fish _crit)
$(BUILD)/completions/options: $(BIN)
	@mkdir -p $(@D)
	@for p in $(BIN); do CRIT_PRINT_OPTIONS=1 $(RUNS) $$p || exit 1; \
		done >$@.tmp && mv $@.tmp $@

$(BUILD)/completions/crit.%: share/completions/crit.% share/completions/%.awk \
		$(BUILD)/completions/options
	@{ cat $<; LC_ALL=C awk -f $(filter-out $<, $^); } >$@
$(BUILD)/completions/_crit: share/completions/zsh.awk share/completions/_crit \
		$(BUILD)/completions/options
	@LC_ALL=C awk -f $^ >$@
tests: $(COMPLETIONS)

# Shells look for completions by the name of the program.
$(FILTERS:%=$(BUILD)/bash/%): $(BUILD)/completions/crit.bash
	@install -D -m 644 $< $@
$(FILTERS:%=$(BUILD)/fish/%.fish): $(BUILD)/completions/crit.fish
	@install -D -m 644 $< $@

# What is installed: DIRECTORY_of of files, each once, and its mode if it is
# no data. install and uninstall go by these.
man_section = $(filter %.$1, $(MAN))
PLACES = bin man1 man3 links man5 man7 data proto bash zsh fish doc $(EXAMPLES) \
	fleet queries
EXAMPLES = examples python go go_crit go_tasks
bin_to = $(BINDIR)
bin_is = $(BIN)
bin_mode = 755 -s --strip-program=$(STRIP)
man1_to = $(MANDIR)/man1
man1_is = $(call man_section,1)
man3_to = $(MANDIR)/man3
man3_is = $(call man_section,3)
man5_to = $(MANDIR)/man5
man5_is = $(call man_section,5)
links_to = $(MANDIR)/man3
links_is = $(LINKS)
man7_to = $(MANDIR)/man7
man7_is = $(call man_section,7)
data_to = $(DATADIR)
data_is = $(BUILD)/crit.binpb $(wildcard share/*.yaml)
proto_to = $(DATADIR)/proto
proto_is = $(wildcard proto/*.proto)
bash_to = $(PREFIX)/share/bash-completion/completions
bash_is = $(FILTERS:%=$(BUILD)/bash/%)
zsh_to = $(PREFIX)/share/zsh/site-functions
zsh_is = $(BUILD)/completions/_crit
fish_to = $(PREFIX)/share/fish/vendor_completions.d
fish_is = $(FILTERS:%=$(BUILD)/fish/%.fish)
doc_to = $(DOCDIR)
doc_is = $(wildcard README.md LICENSE)
examples_to = $(DOCDIR)/examples
examples_is = $(wildcard share/examples/*.c)
python_to = $(examples_to)/python
python_is = $(wildcard share/examples/python/*.py share/examples/python/*.md)
go_to = $(examples_to)/go
go_is = $(wildcard share/examples/go/*.*)
go_crit_to = $(go_to)/crit
go_crit_is = $(wildcard share/examples/go/crit/*.go)
go_tasks_to = $(go_to)/tasks
go_tasks_is = $(wildcard share/examples/go/tasks/*.go)
fleet_to = $(DOCDIR)/fleet
fleet_is = $(filter-out $(queries_is), $(wildcard share/fleet/*))
fleet_mode = 755
queries_to = $(DOCDIR)/fleet
queries_is = $(wildcard share/fleet/*.*[dly])

define put
	install -d '$(DESTDIR)$($1_to)'
	$(if $($1_is),install -m $(or $($1_mode),644) $($1_is) '$(DESTDIR)$($1_to)')

endef
# Pages name the directories of a Debian package.
install: all man $(bash_is) $(zsh_is) $(fish_is)
	$(foreach place, $(PLACES), $(call put,$(place)))
	sed -i -e 's|/usr/share/crit-tools|$(DATADIR)|g' \
		-e 's|/usr/share/doc/crit-tools|$(DOCDIR)|g' \
		$(foreach page, $(MAN), '$(DESTDIR)$(MANDIR)/man$(subst \
		.,,$(suffix $(page)))/$(notdir $(page))')
	install -d '$(DESTDIR)$(DATADIR)/demo'
	cd test/images && tar -c --owner=0 --group=0 --mode=u=rwX,go=rX $(DEMO) | \
		tar -x -C '$(DESTDIR)$(DATADIR)/demo'
	cd '$(DESTDIR)$(DATADIR)/demo' && for link in */*/parent; do \
		[ -L $$link ] || ln -sf "$$(cat $$link)" $$link; done

install-examples:
	$(foreach place, $(EXAMPLES), $(call put,$(place)))

uninstall:
	rm -f $(foreach place, $(PLACES), $(addprefix \
		'$(DESTDIR)$($(place)_to)'/, $(notdir $($(place)_is))))
	cd test/images && find $(DEMO) -depth | \
		sed 's|^|$(DESTDIR)$(DATADIR)/demo/|' | xargs -d '\n' rm -df
	rmdir '$(DESTDIR)$(DATADIR)/demo' '$(DESTDIR)$(DATADIR)/proto' \
		'$(DESTDIR)$(DATADIR)' $(foreach place, $(shell printf '%s\n' $(EXAMPLES) | tac), \
		'$(DESTDIR)$($(place)_to)') \
		'$(DESTDIR)$(DOCDIR)/fleet' \
		'$(DESTDIR)$(DOCDIR)'

# The same from git alone: make dist gives a tarball that builds.
DIST = crit-tools-$(VERSION)
dist:
	@mkdir -p $(BUILD)
	git archive --prefix=$(DIST)/ HEAD | gzip -9n >$(BUILD)/$(DIST).tar.gz

# Filters for any Linux of this machine's kind, also an empty one
static:
	+$(MAKE) BUILD=$(BUILD)/static LINK=-static all

# A Debian package: what install gives, and two small files about it.
DEB_ARCH = $(shell dpkg --print-architecture)
DEB = $(BUILD)/crit-tools_$(VERSION)_$(DEB_ARCH).deb
# of the package, as Debian's tools have it
DEBFULLNAME = $(shell git log -1 --format=%an 2>/dev/null)
DEBEMAIL = $(shell git log -1 --format=%ae 2>/dev/null)
MAINTAINER = $(or $(DEBFULLNAME),crit-tools maintainers) \
	<$(or $(DEBEMAIL),crit-tools@example.org)>
DEB_DATE = $(shell git log -1 --format=%cD 2>/dev/null || date -R)
DEB_SED = sed -e 's/@VERSION@/$(VERSION)/' -e 's/@ARCH@/$(DEB_ARCH)/' \
	-e 's|@MAINTAINER@|$(strip $(MAINTAINER))|' -e 's|@DATE@|$(DEB_DATE)|'
deb:
	rm -rf $(BUILD)/deb
	+$(MAKE) install PREFIX=/usr DESTDIR=$(abspath $(BUILD))/deb
	gzip -9nr $(BUILD)/deb/usr/share/man
	$(STRIP) --strip-unneeded $(BUILD)/deb/usr/lib/libcrit.so.$(VERSION)
	$(STRIP) -g $(BUILD)/deb/usr/lib/libcrit.a
	rm $(BUILD)/deb/usr/share/doc/crit-tools/LICENSE
	{ sed '/@LICENSE@/,$$d' share/debian/copyright.in; \
		sed -n '/^Permission/,$$p' LICENSE | sed 's/^$$/./; s/^/ /'; } \
		>$(BUILD)/deb/usr/share/doc/crit-tools/copyright
	$(DEB_SED) share/debian/changelog.in | gzip -9n \
		>$(BUILD)/deb/usr/share/doc/crit-tools/changelog.gz
	chmod 644 $(BUILD)/deb/usr/share/doc/crit-tools/c*
	mkdir $(BUILD)/deb/DEBIAN
	install -D -m 644 share/debian/lintian-overrides \
		$(BUILD)/deb/usr/share/lintian/overrides/crit-tools
	install -m 644 share/debian/triggers share/debian/shlibs $(BUILD)/deb/DEBIAN
	$(DEB_SED) \
		-e "s/@SIZE@/$$(du -k -s $(BUILD)/deb/usr | cut -f 1)/" \
		share/debian/control.in >$(BUILD)/deb/DEBIAN/control
	install -m 755 share/debian/preinst share/debian/postrm $(BUILD)/deb/DEBIAN
	cd $(BUILD)/deb && find usr -type f -printf '%P\0' | sort -z | \
		(cd usr && xargs -0 md5sum) | sed 's|  |  usr/|' >DEBIAN/md5sums
	find $(BUILD)/deb -type d -exec chmod 755 {} +
	dpkg-deb --root-owner-group -b $(BUILD)/deb $(DEB) >/dev/null
	rm -rf $(BUILD)/deb

.PHONY: deb man install-examples install uninstall dist static
