// kubeadm, which minikube runs on its node to set Kubernetes up.
package main

import (
	"os"

	kubeadm "k8s.io/kubernetes/cmd/kubeadm/app"
)

func main() {
	// kubeadm prints its error itself.
	if kubeadm.Run() != nil {
		os.Exit(1)
	}
}
