# The networks of the host; run once.
docker swarm init --advertise-addr 10.30.0.4
docker network create -d nat --subnet 10.30.2.0/24 --gateway 10.30.2.1 lan
docker network create -d nat depot-backend
docker network create -d overlay --attachable metrics
