docker run --ip6 'fd00::1' --link db:"dé b" 😀 x; bash -c "docker network create --internal \"int\"; docker run --network='none' y"
x=`docker network ls -q` ; eval "docker run --network $x z"
while read -r id; do docker network connect --ip 10.0.0.5 lan "$id"; done < <(docker ps -q)
[[ $OSTYPE == msys* ]] && docker run --network transparent w
