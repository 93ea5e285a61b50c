# shellcheck shell=bash
# The one node: containerd, kubelet, kube-proxy, and names by CoreDNS. Without cgroups v2 there is no crun that could be taken.

cgroup=helios-kube-$(basename "$run")

make_cgroups() {
  local controller
  for controller in /sys/fs/cgroup /sys/fs/cgroup/*/; do
    [[ ! -e $controller/cgroup.procs ]] || mkdir -p "$controller/$cgroup"
  done
  [[ ! -e /sys/fs/cgroup/cgroup.subtree_control ]] || echo '+cpu +cpuset +memory +pids' >/sys/fs/cgroup/cgroup.subtree_control
  # A set of processors without any takes no process.
  local set=/sys/fs/cgroup/cpuset/$cgroup
  if [[ -e $set/cpuset.cpus ]]; then
    cat /sys/fs/cgroup/cpuset/cpuset.cpus >"$set/cpuset.cpus"
    cat /sys/fs/cgroup/cpuset/cpuset.mems >"$set/cpuset.mems"
  fi
}

# A cgroup can go once its last process is no more.
remove_cgroups() {
  local try
  for ((try = 0; try < 50; try++)); do
    find /sys/fs/cgroup -depth -type d -path "*/$cgroup*" -exec rmdir {} + 2>/dev/null && break
    sleep 0.1
  done
}

node_up() {
  mkdir -p "$run/cni" "$run/kubelet"
  make_cgroups
  # An address of its own: kubelet takes no loopback one.
  ip link add farm0 type bridge
  ip address add "$node/32" dev farm0
  ip link set farm0 up
  # What the node itself sends to a service is on its way there before kube-proxy gives it an address.
  ip route add 10.96.0.0/16 dev farm0
  echo 1 >/proc/sys/net/ipv4/ip_forward
  network >"$run/cni/10-farm.conflist"
  containerd_settings >"$run/containerd.toml"
  kubelet_settings >"$run/kubelet.yaml"
  start containerd env "PATH=$bin:$PATH" "$bin/containerd" --config "$run/containerd.toml"
  within 30 "$bin/ctr" --address "$run/containerd.sock" version
  "$bin/ctr" --address "$run/containerd.sock" --namespace k8s.io images import "$home/pause.tar" >/dev/null
  start kubelet "$bin/kubelet" --config "$run/kubelet.yaml" --kubeconfig "$run/pki/kubelet.conf" --root-dir "$run/kubelet" \
    --cert-dir "$run/pki" --hostname-override farm --node-ip "$node"
  within 90 kubectl wait --for=condition=Ready node/farm --timeout=5s
  start proxy "$bin/kube-proxy" --kubeconfig "$run/pki/proxy.conf" --hostname-override farm --proxy-mode nftables --cluster-cidr 10.97.0.0/24 \
    --conntrack-max-per-core 0 --conntrack-tcp-timeout-established 0s --conntrack-tcp-timeout-close-wait 0s
}

network() {
  cat <<'JSON'
{ "cniVersion": "1.0.0", "name": "farm", "plugins": [
  { "type": "ptp", "ipam": { "type": "host-local", "ranges": [[{ "subnet": "10.97.0.0/24" }]], "routes": [{ "dst": "0.0.0.0/0" }] } },
  { "type": "portmap", "capabilities": { "portMappings": true } } ] }
JSON
}

containerd_settings() {
  cat <<TOML
version = 3
root = "$run/containerd"
state = "$run/containerd.state"
[grpc]
address = "$run/containerd.sock"
[plugins.'io.containerd.cri.v1.images'.pinned_images]
sandbox = "localhost/pause:1"
[plugins.'io.containerd.cri.v1.runtime']
# A machine without CAP_SYS_RESOURCE can't lower it.
restrict_oom_score_adj = true
[plugins.'io.containerd.cri.v1.runtime'.cni]
bin_dirs = ["/usr/lib/cni"]
conf_dir = "$run/cni"
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
BinaryName = "$(command -v runc)"
SystemdCgroup = false
TOML
}

kubelet_settings() {
  cat <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: { anonymous: { enabled: false }, webhook: { enabled: true }, x509: { clientCAFile: $run/pki/ca.crt } }
authorization: { mode: Webhook }
tlsCertFile: $run/pki/kubelet.crt
tlsPrivateKeyFile: $run/pki/kubelet.key
cgroupDriver: cgroupfs
cgroupRoot: /$cgroup
failCgroupV1: false
failSwapOn: false
containerRuntimeEndpoint: unix://$run/containerd.sock
clusterDNS: [$dns]
clusterDomain: cluster.local
imageGCHighThresholdPercent: 100
evictionHard: { memory.available: 100Mi }
registerWithTaints: []
YAML
}

# CoreDNS runs beside the node, behind the service that pods ask.
dns_up() {
  cat >"$run/Corefile" <<COREFILE
.:53 {
  bind $node
  kubernetes cluster.local in-addr.arpa {
    kubeconfig $run/pki/admin.conf
    pods insecure
  }
  cache 5
}
COREFILE
  start dns "$bin/coredns" -conf "$run/Corefile"
  kubectl apply --filename - >/dev/null <<YAML
apiVersion: v1
kind: Service
metadata: { name: kube-dns, namespace: kube-system }
spec:
  clusterIP: $dns
  ports: [{ name: dns, port: 53, protocol: UDP }, { name: dns-tcp, port: 53, protocol: TCP }]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: kube-dns, namespace: kube-system, labels: { kubernetes.io/service-name: kube-dns } }
addressType: IPv4
endpoints: [{ addresses: ["$node"] }]
ports: [{ name: dns, port: 53, protocol: UDP }, { name: dns-tcp, port: 53, protocol: TCP }]
YAML
}
