// Package libvirt replaces the bindings of minikube's kvm2 driver, which need a C compiler and libvirt's headers.
// Every connection is refused, so minikube reports that driver as unhealthy; the docker driver does not use it.
package libvirt

import "errors"

type (
	ErrorNumber int
	DomainState int
	Error       struct {
		Code    ErrorNumber
		Message string
	}
	DomainIPAddress struct{ Addr string }
	DomainInterface struct {
		Name, Hwaddr string
		Addrs        []DomainIPAddress
	}
	NetworkDHCPLease struct{ Iface, Mac, IPaddr, Hostname string }
	Connect          struct{}
	Domain           struct{}
	Network          struct{}
)

// The values have no meaning without a connection, but the cases of a switch must differ.
const (
	DOMAIN_NOSTATE DomainState = iota
	DOMAIN_RUNNING
	DOMAIN_BLOCKED
	DOMAIN_PAUSED
	DOMAIN_SHUTDOWN
	DOMAIN_SHUTOFF
	DOMAIN_CRASHED
	DOMAIN_PMSUSPENDED
)

const (
	ERR_OK ErrorNumber = iota
	ERR_INTERNAL_ERROR
	ERR_NO_NETWORK
)

const (
	DOMAIN_INTERFACE_ADDRESSES_SRC_ARP = iota
	DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE
	DOMAIN_SHUTDOWN_ACPI_POWER_BTN
	DOMAIN_SHUTDOWN_DEFAULT
	DOMAIN_UNDEFINE_KEEP_NVRAM
	DOMAIN_XML_INACTIVE
	DOMAIN_XML_SECURE
	NETWORK_SECTION_IP_DHCP_HOST
	NETWORK_UPDATE_AFFECT_CONFIG
	NETWORK_UPDATE_AFFECT_LIVE
	NETWORK_UPDATE_COMMAND_ADD_LAST
	NETWORK_UPDATE_COMMAND_DELETE
)

var errAbsent = errors.New("this minikube was built without libvirt")

func (e Error) Error() string { return e.Message }

func NewConnect(string) (*Connect, error) {
	return nil, Error{Code: ERR_INTERNAL_ERROR, Message: errAbsent.Error()}
}

func (*Connect) Close() (int, error)                                        { return 0, errAbsent }
func (*Connect) GetLibVersion() (uint32, error)                             { return 0, errAbsent }
func (*Connect) DomainDefineXML(string) (*Domain, error)                    { return nil, errAbsent }
func (*Connect) ListAllDomains(uint32) ([]Domain, error)                    { return nil, errAbsent }
func (*Connect) ListDefinedDomains() ([]string, error)                      { return nil, errAbsent }
func (*Connect) LookupDomainByName(string) (*Domain, error)                 { return nil, errAbsent }
func (*Connect) LookupNetworkByName(string) (*Network, error)               { return nil, errAbsent }
func (*Connect) NetworkDefineXML(string) (*Network, error)                  { return nil, errAbsent }
func (*Domain) Create() error                                               { return errAbsent }
func (*Domain) Destroy() error                                              { return errAbsent }
func (*Domain) Free() error                                                 { return errAbsent }
func (*Domain) GetName() (string, error)                                    { return "", errAbsent }
func (*Domain) GetState() (DomainState, int, error)                         { return 0, 0, errAbsent }
func (*Domain) GetXMLDesc(uint32) (string, error)                           { return "", errAbsent }
func (*Domain) ListAllInterfaceAddresses(uint32) ([]DomainInterface, error) { return nil, errAbsent }
func (*Domain) Shutdown() error                                             { return errAbsent }
func (*Domain) ShutdownFlags(uint32) error                                  { return errAbsent }
func (*Domain) UndefineFlags(uint32) error                                  { return errAbsent }
func (*Network) Create() error                                              { return errAbsent }
func (*Network) Destroy() error                                             { return errAbsent }
func (*Network) Free() error                                                { return errAbsent }
func (*Network) GetDHCPLeases() ([]NetworkDHCPLease, error)                 { return nil, errAbsent }
func (*Network) GetXMLDesc(uint32) (string, error)                          { return "", errAbsent }
func (*Network) GetAutostart() (bool, error)                                { return false, errAbsent }
func (*Network) IsActive() (bool, error)                                    { return false, errAbsent }
func (*Network) SetAutostart(bool) error                                    { return errAbsent }
func (*Network) Undefine() error                                            { return errAbsent }
func (*Network) Update(int, int, int, string, int) error                    { return errAbsent }
