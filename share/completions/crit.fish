# SPDX-License-Identifier: MIT
# fish completion for crit and the crit-* filters; starts no program. The
# same file under the name of each program.

# pids of the tasks that have a core image in a directory on the line
function __crit_pids
    set -l dir .
    for word in (commandline -opc)[2..-1]
        test -d $word; and set dir $word; and break
    end
    for core in $dir/core-*.img
        string replace -rf '.*/core-(\d+)\.img$' '$1' $core
    end
end

function __crit_images
    for suffix in .img stats-dump stats-restore irmap-cache
        __fish_complete_suffix $suffix
    end
end

for program in crit-decode crit-encode crit-info crit-x crit-mem
    complete -c $program -l help -d 'print the options'
    complete -c $program -l version -d 'print the version'
end
for program in crit-decode crit-encode crit-info crit-x
    complete -c $program -l schema -r -F -d 'messages of a newer CRIU'
end
for program in crit-decode crit-info crit-x crit-mem
    complete -c $program -s L -l dereference -d 'follow links that lead out of DIR'
end
for program in crit-decode crit-encode crit-info
    complete -c $program -s i -l in -l input -r -F -d 'read FILE'
end
for program in crit-decode crit-encode
    complete -c $program -s o -l out -l output -r -F -d 'write FILE'
end
for program in crit-decode crit-info
    complete -c $program -f -a '(__crit_images)'
end

complete -c crit-decode -s f -l format -x -a 'records json' -d 'what to print'
complete -c crit-decode -s p -l pretty -d 'names for numbers'
complete -c crit-decode -l nopl -d 'sizes in place of payloads'
complete -c crit-decode -s v -l verbose -d 'list what is passed over'

complete -c crit-encode -s d -l dir -x -a '(__fish_complete_directories)' -d 'write each image into DIR'
complete -c crit-encode -l no-end -d 'records need no end record'
complete -c crit-encode -l allow-partial -d 'required fields may be missing'

complete -c crit-info -l summary -d 'a checkpoint in numbers'
complete -c crit-info -s f -l format -x -a 'text json' -d 'of --summary'

complete -c crit-x -f -a 'ps fds mems rss sk'
complete -c crit-x -f -a '(__fish_complete_directories)'
complete -c crit-x -s f -l format -x -a 'text json records' -d 'what to print'
complete -c crit-x -s p -l pid -x -a '(__crit_pids)' -d 'only this task'
complete -c crit-x -l no-end -d 'records need no end record'

complete -c crit-mem -f -a '(__fish_complete_directories)'
complete -c crit-mem -l runs -d 'the map by runs of pages'
complete -c crit-mem -s a -l address -x -d 'bytes of RANGE'
complete -c crit-mem -l vma -x -a '[stack] [heap] [anon]' -d 'bytes of the mappings of NAME'
complete -c crit-mem -l all -d 'bytes of all mappings'
complete -c crit-mem -s x -l hex -d 'as hexdump -C'
complete -c crit-mem -s s -l string -x -d 'search for STRING'
complete -c crit-mem -s r -l regex -x -d 'search for REGEX'
complete -c crit-mem -l args -d 'command lines'
complete -c crit-mem -l env -d environments
complete -c crit-mem -l auxv -d 'auxiliary vectors'
complete -c crit-mem -s p -l pid -x -a '(__crit_pids)' -d 'of this task'
complete -c crit-mem -s f -l format -x -a 'text records' -d 'what to print'
complete -c crit-mem -s o -l output -r -F -d 'write FILE'
complete -c crit-mem -s c -l context -x -d 'bytes around a match'
complete -c crit-mem -s 0 -l null -d 'bytes as they are'
complete -c crit-mem -l holes -x -a 'zero error skip' -d 'bytes that no image has'
complete -c crit-mem -l page-size -x -d 'pages of N bytes'

complete -c crit -f -n __fish_use_subcommand -a 'decode encode show info x'
complete -c crit -n '__fish_seen_subcommand_from decode encode' -s i -l in -l input -r -F -d 'read FILE'
complete -c crit -n '__fish_seen_subcommand_from decode encode' -s o -l out -l output -r -F -d 'write FILE'
complete -c crit -n '__fish_seen_subcommand_from decode' -l pretty -d 'indented, names for numbers'
complete -c crit -n '__fish_seen_subcommand_from show' -l nopl -d 'sizes in place of payloads'
complete -c crit -f -n '__fish_seen_subcommand_from show info' -a '(__crit_images)'
complete -c crit -f -n '__fish_seen_subcommand_from x' -a 'ps fds mems rss sk (__fish_complete_directories)'
