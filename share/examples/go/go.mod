module crit.example

go 1.19
