expect 0 discwright virtual attach demo --trace said.trace
trap 'discwright virtual detach --all --force' EXIT
read -r node sg <out
expect 0 readom dev="$sg" sectors=0-32 f=copy
detach 0
expect 0 discwright trace show said.trace
says out 'READ \(10\) +32 sectors from 0'
says out 'INQUIRY'
# What is there is not overwritten.
expect 5 discwright virtual attach demo --trace said.trace
says err 'said.trace exists'
nothing_attached
