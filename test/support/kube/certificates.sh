# shellcheck shell=bash
# The cluster's authority, and a certificate and a kubeconfig for each who asks its API.

certificates() {
  local name subject names="subjectAltName=DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:10.96.0.1,IP:$node"
  mkdir -p "$run/pki"
  (
    cd "$run/pki" || exit
    openssl req -x509 -newkey rsa:2048 -noenc -days 30 -subj /CN=helios-kube -keyout ca.key -out ca.crt 2>/dev/null
    openssl genrsa -out accounts.key 2048 2>/dev/null
    while read -r name subject; do
      openssl req -newkey rsa:2048 -noenc -subj "$subject" -keyout "$name.key" -out "$name.csr" 2>/dev/null
      openssl x509 -req -in "$name.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -out "$name.crt" \
        -extfile <(printf '%s\nextendedKeyUsage=serverAuth,clientAuth\n' "$names") 2>/dev/null
      kubeconfig "$name" >"$name.conf"
    done <<'NAMES'
apiserver /CN=kube-apiserver
kubelet-client /O=system:masters/CN=kube-apiserver-kubelet-client
admin /O=system:masters/CN=admin
controller-manager /CN=system:kube-controller-manager
scheduler /CN=system:kube-scheduler
proxy /CN=system:kube-proxy
kubelet /O=system:nodes/CN=system:node:farm
NAMES
  )
}

kubeconfig() {
  cat <<CONFIG
apiVersion: v1
kind: Config
clusters: [{ name: farm, cluster: { server: "https://127.0.0.1:6443", certificate-authority: $run/pki/ca.crt } }]
users: [{ name: $1, user: { client-certificate: $run/pki/$1.crt, client-key: $run/pki/$1.key } }]
contexts: [{ name: farm, context: { cluster: farm, user: $1 } }]
current-context: farm
CONFIG
}

kubectl() { "$bin/kubectl" --kubeconfig "$run/pki/admin.conf" "$@"; }
