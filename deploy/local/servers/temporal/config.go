package main

import (
	"fmt"
	"maps"
	"net"
	"strconv"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/dynamicconfig"
	"go.temporal.io/server/common/membership/static"
	"go.temporal.io/server/common/persistence/sql/sqlplugin/sqlite"
	"go.temporal.io/server/common/primitives"
)

// clusterName is the name that start-dev gives to its one cluster; it stands in
// databases that exist.
const clusterName = "active"

// database says how to reach the SQLite file.
func (o options) database() *config.SQL {
	attributes := map[string]string{"mode": "rwc"}
	maps.Copy(attributes, o.pragmas)
	return &config.SQL{PluginName: sqlite.PluginName, DatabaseName: o.file, ConnectAttributes: attributes}
}

// config is that of one host which runs all services: the frontend on the port
// asked for, the others on free ones, all on the same address.
func (o options) config(database *config.SQL) (*config.Config, map[primitives.ServiceName]static.Hosts, error) {
	ports, err := o.ports()
	if err != nil {
		return nil, nil, err
	}
	services := map[string]config.Service{}
	hosts := map[primitives.ServiceName]static.Hosts{}
	for name, port := range ports {
		services[string(name)] = config.Service{RPC: config.RPC{GRPCPort: port, BindOnIP: o.ip}}
		hosts[name] = static.SingleLocalHost(net.JoinHostPort(o.ip, strconv.Itoa(port)))
	}
	frontend := net.JoinHostPort(o.ip, strconv.Itoa(o.port))
	off := config.ArchivalNamespaceDefaults{
		History:    config.HistoryArchivalNamespaceDefaults{State: "disabled"},
		Visibility: config.VisibilityArchivalNamespaceDefaults{State: "disabled"},
	}
	return &config.Config{
		Global: config.Global{Membership: config.Membership{MaxJoinDuration: 30 * time.Second, BroadcastAddress: o.ip}},
		Persistence: config.Persistence{
			DefaultStore: "sqlite", VisibilityStore: "sqlite", NumHistoryShards: 1,
			DataStores: map[string]config.DataStore{"sqlite": {SQL: database}},
		},
		ClusterMetadata: &cluster.Config{
			FailoverVersionIncrement: 10, MasterClusterName: clusterName, CurrentClusterName: clusterName,
			ClusterInformation: map[string]cluster.ClusterInformation{clusterName: {
				Enabled: true, InitialFailoverVersion: 1, RPCAddress: frontend, ClusterID: uuid.NewString(),
			}},
		},
		DCRedirectionPolicy: config.DCRedirectionPolicy{Policy: "noop"},
		Services:            services,
		Archival:            config.Archival{History: config.HistoryArchival{State: "disabled"}, Visibility: config.VisibilityArchival{State: "disabled"}},
		NamespaceDefaults:   config.NamespaceDefaults{Archival: off},
		PublicClient:        config.PublicClient{HostPort: frontend},
	}, hosts, nil
}

// ports chooses the port of every service.
func (o options) ports() (map[primitives.ServiceName]int, error) {
	ports := map[primitives.ServiceName]int{primitives.FrontendService: o.port}
	for _, name := range []primitives.ServiceName{primitives.HistoryService, primitives.MatchingService, primitives.WorkerService} {
		listener, err := net.Listen("tcp", net.JoinHostPort(o.ip, "0"))
		if err != nil {
			return nil, fmt.Errorf("finding a free port: %w", err)
		}
		defer listener.Close() // not earlier: the next one must be another
		ports[name] = listener.Addr().(*net.TCPAddr).Port
	}
	return ports, nil
}

// dynamic are the settings in which one small server for one user differs from
// a cluster: what is made, a search attribute say, can be used at once.
func dynamic() dynamicconfig.StaticClient {
	return dynamicconfig.StaticClient{
		dynamicconfig.ForceSearchAttributesCacheRefreshOnRead.Key():      true,
		dynamicconfig.FrontendPersistenceMaxQPS.Key():                    10_000,
		dynamicconfig.HistoryPersistenceMaxQPS.Key():                     45_000,
		dynamicconfig.HistoryCacheHostLevelMaxSize.Key():                 8_096,
		dynamicconfig.FrontendMaxNamespaceVisibilityRPSPerInstance.Key(): 100,
	}
}
