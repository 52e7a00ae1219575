# SPDX-License-Identifier: MIT
# fish completion for crit and the crit-* programs; starts no program. The
# same file under the name of each program. The lines that name options follow:
# fish.awk makes them of the programs' option tables.

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

# directories and archives
function __crit_checkpoints
    set -l token (commandline -ct)
    __fish_complete_directories $token
    for archive in $token*.tar $token*.tar.* $token*.tgz $token*.stream
        echo $archive
    end
end
