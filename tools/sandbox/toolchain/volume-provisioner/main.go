// Makes the sandbox's volumes: a folder of the node for each PersistentVolumeClaim, deleted with the claim.
package main

import (
	"context"
	"flag"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)

const provisionerName = "kubernetes-django-sandbox/hostpath"

// Pods run as any user, and fsGroup does not apply to a folder of the node.
const mode = 0o777

type provisioner struct{ folder, node string }

func (p provisioner) Provision(_ context.Context, options controller.ProvisionOptions) (*v1.PersistentVolume, controller.ProvisioningState, error) {
	folder := filepath.Join(p.folder, options.PVName)
	if err := os.MkdirAll(folder, mode); err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	// MkdirAll's mode is subject to the umask.
	if err := os.Chmod(folder, mode); err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	kind := v1.HostPathDirectory
	claim := options.PVC.Spec
	return &v1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{Name: options.PVName},
		Spec: v1.PersistentVolumeSpec{
			PersistentVolumeReclaimPolicy: *options.StorageClass.ReclaimPolicy,
			AccessModes:                   claim.AccessModes,
			Capacity:                      v1.ResourceList{v1.ResourceStorage: claim.Resources.Requests[v1.ResourceStorage]},
			PersistentVolumeSource: v1.PersistentVolumeSource{
				HostPath: &v1.HostPathVolumeSource{Path: folder, Type: &kind},
			},
			NodeAffinity: onNode(p.node),
		},
	}, controller.ProvisioningFinished, nil
}

// The folder is on one node, where the pods that use it have to run.
func onNode(name string) *v1.VolumeNodeAffinity {
	expression := v1.NodeSelectorRequirement{Key: v1.LabelHostname, Operator: v1.NodeSelectorOpIn, Values: []string{name}}
	term := v1.NodeSelectorTerm{MatchExpressions: []v1.NodeSelectorRequirement{expression}}
	return &v1.VolumeNodeAffinity{Required: &v1.NodeSelector{NodeSelectorTerms: []v1.NodeSelectorTerm{term}}}
}

func (p provisioner) Delete(_ context.Context, volume *v1.PersistentVolume) error {
	return os.RemoveAll(filepath.Join(p.folder, volume.Name))
}

func main() {
	kubeconfig := flag.String("kubeconfig", "", "how the API server is reached")
	folder := flag.String("folder", "", "where the volumes are")
	node := flag.String("node", "", "the node that has the folder")
	flag.Parse()
	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		klog.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	client := kubernetes.NewForConfigOrDie(config)
	volumes := provisioner{folder: *folder, node: *node}
	controller.NewProvisionController(ctx, client, provisionerName, volumes, controller.LeaderElection(false)).Run(ctx)
}
