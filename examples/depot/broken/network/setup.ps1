# The networks of the host; run once.
docker network create -d transparent --subnet 10.30.2.0/24 --gateway 10.30.2.1 lan
docker network create -d nat --internal depot-backend
docker network create -d overlay --attachable metrics
