# What people write: the largest increment of each file and line, entry rows left out.
use strict;
use warnings;
my ($file, $entry, %largest) = ("", 0);
while (<>) {
    if (/memory_profiler_logs: Filename: (.*)/) {
        ($file, $entry) = ($1, 1);
    } elsif (/memory_profiler_logs: +(\d+) +(-?[\d.]+) MiB +(-?[\d.]+) MiB/) {
        if ($entry) { $entry = 0; next }
        my $key = "$file:$1";
        $largest{$key} = $3 if !defined $largest{$key} || $3 > $largest{$key};
    }
}
print "$largest{$_} $_\n" for keys %largest;
