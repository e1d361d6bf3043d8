package org.odap.cli.system;

import java.util.List;
import java.util.stream.IntStream;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.TlsFiles;

/**
 * The certificates and keys of one ledger's members.
 *
 * @param members theirs, by number from 1
 * @param adapters those of the adapters they look at the ledger through, by number from 1
 */
record MembersPki(MembersPlan plan, List<MemberKeys> members, List<TlsFiles> adapters) {
  MembersPki {
    members = List.copyOf(members);
    adapters = List.copyOf(adapters);
  }

  static MembersPki issue(DevelopmentPki pki, Side side, MembersPlan plan) {
    return new MembersPki(
        plan,
        IntStream.rangeClosed(1, plan.count())
            .mapToObj(number -> MemberKeys.issue(pki, side.member(number), Side.memberName(number)))
            .toList(),
        IntStream.rangeClosed(1, plan.adapters())
            .mapToObj(number ->
                pki.issue(side.memberLedger(number), Side.memberLedgerName(number), List.of()))
            .toList());
  }

  /** Those who look at the ledger through an adapter. */
  List<MemberKeys> behind(int adapter) {
    return IntStream.rangeClosed(1, members.size())
        .filter(member -> plan.adapterOf(member) == adapter)
        .mapToObj(member -> members.get(member - 1))
        .toList();
  }
}
