/**
 * A log kept by several nodes, by Raft (Apache Ratis): the node that leads judges changes as the
 * one node of an unreplicated log does, and a majority has them before they are answered.
 */
package org.odap.log.replication;
