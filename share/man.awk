# SPDX-License-Identifier: MIT
#
# What scdoc(1) writes, without the paragraph marks that mandoc(1) and groff
# find empty.
$0 == ".PP" || $0 == ".P" { held = 1; next }
held { if (!/^\.(S[HS]|RE)/ && last !~ /^\.S[HS]/) print ".PP"; held = 0 }
{ print; last = $0 }
