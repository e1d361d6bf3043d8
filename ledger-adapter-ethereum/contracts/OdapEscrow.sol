// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

/// What a token must offer so that the escrow can extinguish and create its units; the two
/// signatures are the same for ERC-20 (an amount) and ERC-721 (an id).
interface IRetirableToken {
    function mint(address to, uint256 idOrAmount) external;

    function burn(uint256 idOrAmount) external;
}

/// The balance question that ERC-20 and ERC-721 ask in the same words.
interface IBalanceOf {
    function balanceOf(address owner) external view returns (uint256);
}

/// The transfer record of an ODAP gateway on an EVM ledger, and the two state machines behind it
/// (hardjono-arch-03 steps 2.3, 2.4, 3.3, 3.5, 3.7):
///
///   asset on the sender's ledger:     AVAILABLE -> LOCKED -> EXTINGUISHED, or AVAILABLE again
///   record on the recipient's ledger: ANNOUNCED -> CREATED, or WITHDRAWN
///
/// Invariants, for every token T:
///   balanceOf(escrow) >= units locked + units in the vault
///   units reserved by announcements <= units in the vault (tokens retired to the vault)
///   a unique asset is locked by at most one transfer, and announced by at most one transfer
///   an asset leaves the escrow to its owner only while LOCKED, to a beneficiary only while ANNOUNCED
///
/// Every step is keyed by the transfer's id. A repeat with the same parameters changes nothing and
/// succeeds; a repeat with others is refused. Each step carries the epoch of the writer's lease;
/// the highest epoch seen for a record fences off writers with a lower one.
///
/// One escrow serves the gateways of one owner: any account with GATEWAY_ROLE may do any step.
/// Assets are created and destroyed outside of transfers only by accounts with ISSUER_ROLE.
contract OdapEscrow is AccessControl, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    bytes32 public constant GATEWAY_ROLE = keccak256("GATEWAY_ROLE");
    bytes32 public constant ISSUER_ROLE = keccak256("ISSUER_ROLE");

    /// Whether one unit is like another.
    enum Kind {
        NONE,
        UNIQUE,
        FUNGIBLE
    }

    /// What becomes of extinguished units: burned and later minted anew, or kept by the escrow,
    /// which alone can release them again to the beneficiary of a later transfer.
    enum Retirement {
        BURN,
        VAULT
    }

    enum LockState {
        NONE,
        LOCKED,
        EXTINGUISHED,
        UNLOCKED
    }

    enum IncomingState {
        NONE,
        ANNOUNCED,
        CREATED,
        WITHDRAWN
    }

    struct TokenRules {
        Kind kind;
        Retirement retirement;
    }

    /// The sender's side of a transfer. A record that is UNLOCKED with token zero was never locked:
    /// the transfer was given up before its lock arrived, which is refused from then on.
    struct Outgoing {
        LockState state;
        uint64 epoch;
        uint64 lockedBlock;
        uint64 closedBlock;
        address token;
        uint64 locationBlock;
        address owner;
        uint64 expiryMillis;
        uint256 idOrAmount;
        bytes32 agreementHash;
        bytes32 lockRef;
        bytes32 locationHash;
    }

    /// The recipient's side of a transfer. WITHDRAWN with token zero was never announced.
    struct Incoming {
        IncomingState state;
        uint64 epoch;
        uint64 announcedBlock;
        uint64 closedBlock;
        address token;
        address beneficiary;
        uint256 idOrAmount;
        bytes32 agreementHash;
        bytes32 commitFinalHash;
        bytes32 announcementRef;
    }

    /// Which transfers hold a unique asset; zero where none does.
    struct UniqueHold {
        bytes32 lockedBy;
        bytes32 extinguishedBy;
        bytes32 announcedBy;
    }

    mapping(address token => TokenRules) private tokens;
    address[] private enrolled;
    mapping(bytes32 transferId => Outgoing) private outgoing;
    mapping(bytes32 transferId => Incoming) private incoming;
    mapping(address token => mapping(uint256 id => UniqueHold)) private uniqueHolds;
    mapping(address token => uint256) private fungibleLocked;
    mapping(address token => uint256) private fungibleVault;
    mapping(address token => uint256) private fungibleReserved;
    mapping(bytes32 requestId => bytes32 parametersHash) private requests;

    event TokenEnrolled(address indexed token, Kind kind, Retirement retirement);
    event Locked(
        bytes32 indexed transferId,
        address indexed token,
        address indexed owner,
        uint256 idOrAmount,
        uint64 expiryMillis,
        bytes32 agreementHash,
        uint64 epoch
    );
    event Unlocked(
        bytes32 indexed transferId,
        address indexed token,
        address indexed owner,
        uint256 idOrAmount,
        uint64 epoch
    );
    event LockFinalized(
        bytes32 indexed transferId,
        address indexed token,
        address indexed owner,
        uint256 idOrAmount,
        bytes32 lockRef,
        uint64 epoch
    );
    event IncomingLogged(
        bytes32 indexed transferId,
        address indexed token,
        address indexed beneficiary,
        uint256 idOrAmount,
        bytes32 agreementHash,
        uint64 epoch
    );
    event CreatedFromTransfer(
        bytes32 indexed transferId,
        address indexed token,
        address indexed beneficiary,
        uint256 idOrAmount,
        bytes32 commitFinalHash,
        bytes32 announcementRef,
        uint64 epoch
    );
    event IncomingWithdrawn(
        bytes32 indexed transferId,
        address indexed token,
        address indexed beneficiary,
        uint256 idOrAmount,
        uint64 epoch
    );
    event LocationRecorded(
        bytes32 indexed transferId,
        string remoteLedger,
        string remoteTransaction,
        uint64 remoteBlock,
        bytes32 finalizeRef,
        uint64 epoch
    );
    event AssetCreated(
        bytes32 indexed requestId, address indexed token, address indexed owner, uint256 idOrAmount
    );
    event AssetDestroyed(
        bytes32 indexed requestId, address indexed token, address indexed owner, uint256 idOrAmount
    );

    /// A required parameter is zero or impossible.
    error ParameterInvalid(string name);
    /// The token was not enrolled by the administrator of this escrow.
    error TokenNotEnrolled(address token);
    /// The escrow neither mints nor burns this token.
    error TokenNotRetirable(address token);
    /// The token is enrolled already, under other rules.
    error TokenEnrolledOtherwise(address token);
    /// The writer's lease was taken over by another one.
    error StaleEpoch(bytes32 transferId, uint64 epoch, uint64 highest);
    /// The step was done before, with other parameters.
    error ParametersDiffer(bytes32 transferId);
    /// No record of this transfer exists on this side.
    error TransferUnknown(bytes32 transferId);
    /// The transfer was given up on this side: unlocked or withdrawn.
    error TransferClosed(bytes32 transferId);
    /// The asset is extinguished: the commit point has passed.
    error AlreadyExtinguished(bytes32 transferId);
    /// The asset is created: there is nothing left to withdraw.
    error AlreadyCreated(bytes32 transferId);
    /// The step needs an extinguished asset.
    error NotExtinguished(bytes32 transferId);
    /// The lock's time is over (milliseconds).
    error LockExpired(bytes32 transferId, uint64 expiryMillis, uint256 nowMillis);
    /// Only a gateway may unlock before the expiry (milliseconds).
    error LockNotExpired(bytes32 transferId, uint64 expiryMillis, uint256 nowMillis);
    /// The unique asset is held by another transfer.
    error AssetHeld(address token, uint256 id, bytes32 byTransferId);
    /// The unique asset is not on this ledger.
    error AssetUnknown(address token, uint256 id);
    /// The unique asset is on this ledger already, so it can't be created by a transfer.
    error AssetExists(address token, uint256 id);
    /// The vault does not hold what the transfer would release.
    error NotInVault(address token, uint256 idOrAmount);
    /// The unique asset belongs to somebody else.
    error NotOwner(address token, uint256 id, address claimed, address actual);
    /// The owner has not approved the escrow for the asset or amount.
    error NotApproved(address token, address owner);
    /// The owner's balance is below the amount.
    error BalanceTooLow(address token, address owner, uint256 balance, uint256 amount);
    /// The token moved another amount than asked, as tokens with a fee on transfers do.
    error AmountMoved(address token, uint256 expected, uint256 moved);

    constructor(address administrator) {
        _grantRole(DEFAULT_ADMIN_ROLE, administrator);
    }

    /// Allows transfers of a token. Deciding this here, not per call, keeps hostile tokens out and
    /// makes the way of extinguishing the same for every step of a transfer.
    function enrolToken(address token, Kind kind, Retirement retirement)
        external
        onlyRole(DEFAULT_ADMIN_ROLE)
    {
        if (token.code.length == 0) revert ParameterInvalid("token");
        if (kind == Kind.NONE) revert ParameterInvalid("kind");
        TokenRules storage rules = tokens[token];
        if (rules.kind != Kind.NONE) {
            if (rules.kind != kind || rules.retirement != retirement) {
                revert TokenEnrolledOtherwise(token);
            }
            return;
        }
        rules.kind = kind;
        rules.retirement = retirement;
        enrolled.push(token);
        emit TokenEnrolled(token, kind, retirement);
    }

    /// 2.3: takes the asset from its owner, who consented by approving the escrow, until the expiry.
    function lock(
        bytes32 transferId,
        address token,
        uint256 idOrAmount,
        address owner,
        uint64 expiryMillis,
        bytes32 agreementHash,
        uint64 epoch
    ) external onlyRole(GATEWAY_ROLE) nonReentrant {
        Outgoing storage record = outgoing[transferId];
        record.epoch = _fence(transferId, record.epoch, epoch);
        if (record.state == LockState.UNLOCKED) revert TransferClosed(transferId);
        if (record.state != LockState.NONE) {
            if (
                record.token != token || record.idOrAmount != idOrAmount || record.owner != owner
                    || record.expiryMillis != expiryMillis || record.agreementHash != agreementHash
            ) revert ParametersDiffer(transferId);
            return;
        }
        TokenRules memory rules = _rules(token);
        if (transferId == 0) revert ParameterInvalid("transferId");
        if (owner == address(0) || owner == address(this)) revert ParameterInvalid("owner");
        if (_expired(expiryMillis)) {
            revert LockExpired(transferId, expiryMillis, _nowMillis());
        }
        record.state = LockState.LOCKED;
        record.lockedBlock = uint64(block.number);
        record.token = token;
        record.owner = owner;
        record.expiryMillis = expiryMillis;
        record.idOrAmount = idOrAmount;
        record.agreementHash = agreementHash;
        emit Locked(transferId, token, owner, idOrAmount, expiryMillis, agreementHash, epoch);
        if (rules.kind == Kind.UNIQUE) {
            _takeUnique(transferId, token, idOrAmount, owner);
        } else {
            _takeFungible(token, idOrAmount, owner);
        }
    }

    /// Gives the asset back to its owner. Before the lock has arrived it makes sure that it never
    /// will be taken: a late lock of this transfer is refused.
    function unlock(bytes32 transferId, uint64 epoch) external onlyRole(GATEWAY_ROLE) nonReentrant {
        Outgoing storage record = outgoing[transferId];
        record.epoch = _fence(transferId, record.epoch, epoch);
        if (transferId == 0) revert ParameterInvalid("transferId");
        if (record.state == LockState.UNLOCKED) return;
        if (record.state == LockState.EXTINGUISHED) revert AlreadyExtinguished(transferId);
        _unlock(transferId, record);
    }

    /// Gives the asset of an expired lock back to its owner, whoever asks: the owner needs no
    /// gateway's good will to get it back.
    function unlockExpired(bytes32 transferId) external nonReentrant {
        Outgoing storage record = outgoing[transferId];
        if (record.state == LockState.NONE) revert TransferUnknown(transferId);
        if (record.state == LockState.UNLOCKED) return;
        if (record.state == LockState.EXTINGUISHED) revert AlreadyExtinguished(transferId);
        if (!_expired(record.expiryMillis)) {
            revert LockNotExpired(transferId, record.expiryMillis, _nowMillis());
        }
        _unlock(transferId, record);
    }

    /// 3.3, the commit point: extinguishes the asset on this ledger for good. `lockRef` is the
    /// reference to 2.3: the SHA-256 of the id of the transaction that locked it.
    function finalizeLock(bytes32 transferId, bytes32 lockRef, uint64 epoch)
        external
        onlyRole(GATEWAY_ROLE)
        nonReentrant
    {
        Outgoing storage record = outgoing[transferId];
        record.epoch = _fence(transferId, record.epoch, epoch);
        if (record.state == LockState.NONE) revert TransferUnknown(transferId);
        if (record.state == LockState.UNLOCKED) revert TransferClosed(transferId);
        if (record.state == LockState.EXTINGUISHED) {
            if (record.lockRef != lockRef) revert ParametersDiffer(transferId);
            return;
        }
        if (lockRef == 0) revert ParameterInvalid("lockRef");
        if (_expired(record.expiryMillis)) {
            revert LockExpired(transferId, record.expiryMillis, _nowMillis());
        }
        record.state = LockState.EXTINGUISHED;
        record.closedBlock = uint64(block.number);
        record.lockRef = lockRef;
        address token = record.token;
        uint256 idOrAmount = record.idOrAmount;
        emit LockFinalized(transferId, token, record.owner, idOrAmount, lockRef, epoch);
        TokenRules memory rules = tokens[token];
        if (rules.kind == Kind.UNIQUE) {
            UniqueHold storage hold = uniqueHolds[token][idOrAmount];
            hold.lockedBy = 0;
            hold.extinguishedBy = transferId;
        } else {
            fungibleLocked[token] -= idOrAmount;
            if (rules.retirement == Retirement.VAULT) fungibleVault[token] += idOrAmount;
        }
        if (rules.retirement == Retirement.BURN) {
            uint256 units = rules.kind == Kind.UNIQUE ? 1 : idOrAmount;
            uint256 before = IBalanceOf(token).balanceOf(address(this));
            IRetirableToken(token).burn(idOrAmount);
            _requireMoved(token, units, before, IBalanceOf(token).balanceOf(address(this)));
        }
    }

    /// 3.7: notes where the asset went. `finalizeRef` is the reference to 3.3.
    function recordLocation(
        bytes32 transferId,
        string calldata remoteLedger,
        string calldata remoteTransaction,
        uint64 remoteBlock,
        bytes32 finalizeRef,
        uint64 epoch
    ) external onlyRole(GATEWAY_ROLE) {
        Outgoing storage record = outgoing[transferId];
        record.epoch = _fence(transferId, record.epoch, epoch);
        if (record.state == LockState.NONE) revert TransferUnknown(transferId);
        if (record.state != LockState.EXTINGUISHED) revert NotExtinguished(transferId);
        bytes32 locationHash =
            keccak256(abi.encode(remoteLedger, remoteTransaction, remoteBlock, finalizeRef));
        if (record.locationBlock != 0) {
            if (record.locationHash != locationHash) revert ParametersDiffer(transferId);
            return;
        }
        record.locationBlock = uint64(block.number);
        record.locationHash = locationHash;
        emit LocationRecorded(
            transferId, remoteLedger, remoteTransaction, remoteBlock, finalizeRef, epoch
        );
    }

    /// 2.4: announces the asset that a transfer will create here. Whatever could make the creation
    /// impossible is refused or reserved now, because after the commit point on the other ledger
    /// the creation has to succeed.
    function logIncoming(
        bytes32 transferId,
        address token,
        uint256 idOrAmount,
        address beneficiary,
        bytes32 agreementHash,
        uint64 epoch
    ) external onlyRole(GATEWAY_ROLE) nonReentrant {
        Incoming storage record = incoming[transferId];
        record.epoch = _fence(transferId, record.epoch, epoch);
        if (record.state == IncomingState.WITHDRAWN) revert TransferClosed(transferId);
        if (record.state != IncomingState.NONE) {
            if (
                record.token != token || record.idOrAmount != idOrAmount
                    || record.beneficiary != beneficiary || record.agreementHash != agreementHash
            ) revert ParametersDiffer(transferId);
            return;
        }
        TokenRules memory rules = _rules(token);
        if (transferId == 0) revert ParameterInvalid("transferId");
        if (beneficiary == address(0) || beneficiary == address(this) || beneficiary == token) {
            revert ParameterInvalid("beneficiary");
        }
        if (rules.kind == Kind.UNIQUE) {
            _announceUnique(transferId, token, idOrAmount, rules.retirement);
        } else {
            _announceFungible(token, idOrAmount, rules.retirement);
        }
        record.state = IncomingState.ANNOUNCED;
        record.announcedBlock = uint64(block.number);
        record.token = token;
        record.beneficiary = beneficiary;
        record.idOrAmount = idOrAmount;
        record.agreementHash = agreementHash;
        emit IncomingLogged(transferId, token, beneficiary, idOrAmount, agreementHash, epoch);
    }

    /// 3.5: creates the announced asset for its beneficiary. `commitFinalHash` is the hash of the
    /// commit-final message (3.4), `announcementRef` the reference to 2.4.
    function createFromTransfer(
        bytes32 transferId,
        bytes32 commitFinalHash,
        bytes32 announcementRef,
        uint64 epoch
    ) external onlyRole(GATEWAY_ROLE) nonReentrant {
        Incoming storage record = incoming[transferId];
        record.epoch = _fence(transferId, record.epoch, epoch);
        if (record.state == IncomingState.NONE) revert TransferUnknown(transferId);
        if (record.state == IncomingState.WITHDRAWN) revert TransferClosed(transferId);
        if (record.state == IncomingState.CREATED) {
            if (
                record.commitFinalHash != commitFinalHash
                    || record.announcementRef != announcementRef
            ) revert ParametersDiffer(transferId);
            return;
        }
        if (commitFinalHash == 0) revert ParameterInvalid("commitFinalHash");
        if (announcementRef == 0) revert ParameterInvalid("announcementRef");
        record.state = IncomingState.CREATED;
        record.closedBlock = uint64(block.number);
        record.commitFinalHash = commitFinalHash;
        record.announcementRef = announcementRef;
        address token = record.token;
        address beneficiary = record.beneficiary;
        uint256 idOrAmount = record.idOrAmount;
        emit CreatedFromTransfer(
            transferId, token, beneficiary, idOrAmount, commitFinalHash, announcementRef, epoch
        );
        TokenRules memory rules = tokens[token];
        if (rules.kind == Kind.UNIQUE) {
            UniqueHold storage hold = uniqueHolds[token][idOrAmount];
            hold.announcedBy = 0;
            hold.extinguishedBy = 0;
        } else if (rules.retirement == Retirement.VAULT) {
            fungibleReserved[token] -= idOrAmount;
            fungibleVault[token] -= idOrAmount;
        }
        uint256 units = rules.kind == Kind.UNIQUE ? 1 : idOrAmount;
        uint256 before = IBalanceOf(token).balanceOf(beneficiary);
        if (rules.retirement == Retirement.BURN) {
            IRetirableToken(token).mint(beneficiary, idOrAmount);
        } else if (rules.kind == Kind.UNIQUE) {
            // Not safeTransferFrom: a beneficiary must not be able to refuse after the commit point.
            IERC721(token).transferFrom(address(this), beneficiary, idOrAmount);
        } else {
            IERC20(token).safeTransfer(beneficiary, idOrAmount);
        }
        _requireMoved(token, units, IBalanceOf(token).balanceOf(beneficiary), before);
    }

    /// Takes an announcement back. Before it has arrived it makes sure that it never will stand.
    function withdrawIncoming(bytes32 transferId, uint64 epoch)
        external
        onlyRole(GATEWAY_ROLE)
        nonReentrant
    {
        Incoming storage record = incoming[transferId];
        record.epoch = _fence(transferId, record.epoch, epoch);
        if (transferId == 0) revert ParameterInvalid("transferId");
        if (record.state == IncomingState.WITHDRAWN) return;
        if (record.state == IncomingState.CREATED) revert AlreadyCreated(transferId);
        address token = record.token;
        if (record.state == IncomingState.ANNOUNCED) {
            TokenRules memory rules = tokens[token];
            if (rules.kind == Kind.UNIQUE) {
                uniqueHolds[token][record.idOrAmount].announcedBy = 0;
            } else if (rules.retirement == Retirement.VAULT) {
                fungibleReserved[token] -= record.idOrAmount;
            }
        }
        record.state = IncomingState.WITHDRAWN;
        record.closedBlock = uint64(block.number);
        emit IncomingWithdrawn(
            transferId, token, record.beneficiary, record.idOrAmount, record.epoch
        );
    }

    /// Creates an asset for an owner (odap-02 5.10, CREATE); once per request.
    function createAsset(bytes32 requestId, address token, uint256 idOrAmount, address owner)
        external
        onlyRole(ISSUER_ROLE)
        nonReentrant
    {
        if (_seenBefore(requestId, "create", token, idOrAmount, owner)) return;
        TokenRules memory rules = _rules(token);
        if (rules.retirement != Retirement.BURN) revert TokenNotRetirable(token);
        if (owner == address(0) || owner == address(this)) revert ParameterInvalid("owner");
        if (rules.kind == Kind.UNIQUE) {
            UniqueHold storage hold = uniqueHolds[token][idOrAmount];
            if (hold.announcedBy != 0) revert AssetHeld(token, idOrAmount, hold.announcedBy);
            if (_ownerOf(token, idOrAmount) != address(0)) revert AssetExists(token, idOrAmount);
            hold.extinguishedBy = 0;
        } else if (idOrAmount == 0) {
            revert ParameterInvalid("amount");
        }
        emit AssetCreated(requestId, token, owner, idOrAmount);
        IRetirableToken(token).mint(owner, idOrAmount);
    }

    /// Destroys an asset whose owner consented by approving the escrow (odap-02 5.10, DESTROY);
    /// once per request.
    function destroyAsset(bytes32 requestId, address token, uint256 idOrAmount, address owner)
        external
        onlyRole(ISSUER_ROLE)
        nonReentrant
    {
        if (_seenBefore(requestId, "destroy", token, idOrAmount, owner)) return;
        TokenRules memory rules = _rules(token);
        if (rules.retirement != Retirement.BURN) revert TokenNotRetirable(token);
        if (owner == address(0) || owner == address(this)) revert ParameterInvalid("owner");
        emit AssetDestroyed(requestId, token, owner, idOrAmount);
        if (rules.kind == Kind.UNIQUE) {
            _takeUnique(requestId, token, idOrAmount, owner);
            uniqueHolds[token][idOrAmount].lockedBy = 0;
        } else {
            _takeFungible(token, idOrAmount, owner);
            fungibleLocked[token] -= idOrAmount;
        }
        IRetirableToken(token).burn(idOrAmount);
    }

    /// Whether a request to create or destroy an asset was carried out.
    function requestDone(bytes32 requestId) external view returns (bool) {
        return requests[requestId] != 0;
    }

    /// The whole record of a transfer; the states are NONE on a side that never heard of it.
    function transferOf(bytes32 transferId)
        external
        view
        returns (Outgoing memory sent, Incoming memory received)
    {
        return (outgoing[transferId], incoming[transferId]);
    }

    /// Every token that may be transferred.
    function enrolledTokens() external view returns (address[] memory) {
        return enrolled;
    }

    /// The rules a token was enrolled under; kind NONE if it was not.
    function rulesOf(address token) external view returns (Kind kind, Retirement retirement) {
        TokenRules memory rules = tokens[token];
        return (rules.kind, rules.retirement);
    }

    /// Which transfers lock, have extinguished, and announce a unique asset; zero where none does.
    function uniqueHoldOf(address token, uint256 id)
        external
        view
        returns (bytes32 lockedBy, bytes32 extinguishedBy, bytes32 announcedBy)
    {
        UniqueHold memory hold = uniqueHolds[token][id];
        return (hold.lockedBy, hold.extinguishedBy, hold.announcedBy);
    }

    /// How many units of a fungible token are locked, in the vault, and reserved from the vault.
    function fungibleHoldOf(address token)
        external
        view
        returns (uint256 locked, uint256 vault, uint256 reserved)
    {
        return (fungibleLocked[token], fungibleVault[token], fungibleReserved[token]);
    }

    function _fence(bytes32 transferId, uint64 highest, uint64 epoch)
        private
        pure
        returns (uint64)
    {
        if (epoch < highest) revert StaleEpoch(transferId, epoch, highest);
        return epoch;
    }

    function _rules(address token) private view returns (TokenRules memory rules) {
        rules = tokens[token];
        if (rules.kind == Kind.NONE) revert TokenNotEnrolled(token);
    }

    /// Notes a request, or says that the same was carried out before; refuses another of that id.
    function _seenBefore(
        bytes32 requestId,
        string memory action,
        address token,
        uint256 idOrAmount,
        address owner
    ) private returns (bool) {
        if (requestId == 0) revert ParameterInvalid("requestId");
        bytes32 parametersHash = keccak256(abi.encode(action, token, idOrAmount, owner));
        bytes32 known = requests[requestId];
        if (known == 0) {
            requests[requestId] = parametersHash;
            return false;
        }
        if (known != parametersHash) revert ParametersDiffer(requestId);
        return true;
    }

    /// A block's time has whole seconds, so the expiry is rounded down to one: the lock may go up to
    /// a second early, but nothing is ever extinguished late.
    function _expired(uint64 expiryMillis) private view returns (bool) {
        return block.timestamp >= expiryMillis / 1000;
    }

    function _nowMillis() private view returns (uint256) {
        return block.timestamp * 1000;
    }

    function _takeUnique(bytes32 transferId, address token, uint256 id, address owner) private {
        UniqueHold storage hold = uniqueHolds[token][id];
        if (hold.lockedBy != 0) revert AssetHeld(token, id, hold.lockedBy);
        address actual = _ownerOf(token, id);
        if (actual == address(0)) revert AssetUnknown(token, id);
        if (actual != owner) revert NotOwner(token, id, owner, actual);
        if (
            IERC721(token).getApproved(id) != address(this)
                && !IERC721(token).isApprovedForAll(owner, address(this))
        ) revert NotApproved(token, owner);
        hold.lockedBy = transferId;
        IERC721(token).transferFrom(owner, address(this), id);
        if (_ownerOf(token, id) != address(this)) revert AmountMoved(token, 1, 0);
    }

    function _takeFungible(address token, uint256 amount, address owner) private {
        if (amount == 0) revert ParameterInvalid("amount");
        uint256 balance = IERC20(token).balanceOf(owner);
        if (balance < amount) revert BalanceTooLow(token, owner, balance, amount);
        if (IERC20(token).allowance(owner, address(this)) < amount) {
            revert NotApproved(token, owner);
        }
        fungibleLocked[token] += amount;
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(owner, address(this), amount);
        _requireMoved(token, amount, IERC20(token).balanceOf(address(this)), before);
    }

    function _unlock(bytes32 transferId, Outgoing storage record) private {
        LockState state = record.state;
        address token = record.token;
        address owner = record.owner;
        uint256 idOrAmount = record.idOrAmount;
        record.state = LockState.UNLOCKED;
        record.closedBlock = uint64(block.number);
        emit Unlocked(transferId, token, owner, idOrAmount, record.epoch);
        if (state == LockState.NONE) return;
        if (tokens[token].kind == Kind.UNIQUE) {
            uniqueHolds[token][idOrAmount].lockedBy = 0;
            // Not safeTransferFrom: an owner that once held the asset must not be able to refuse it.
            IERC721(token).transferFrom(address(this), owner, idOrAmount);
        } else {
            fungibleLocked[token] -= idOrAmount;
            IERC20(token).safeTransfer(owner, idOrAmount);
        }
    }

    function _announceUnique(
        bytes32 transferId,
        address token,
        uint256 id,
        Retirement retirement
    ) private {
        UniqueHold storage hold = uniqueHolds[token][id];
        if (hold.announcedBy != 0) revert AssetHeld(token, id, hold.announcedBy);
        if (hold.lockedBy != 0) revert AssetHeld(token, id, hold.lockedBy);
        if (retirement == Retirement.VAULT) {
            if (hold.extinguishedBy == 0) revert NotInVault(token, id);
        } else if (_ownerOf(token, id) != address(0)) {
            revert AssetExists(token, id);
        }
        hold.announcedBy = transferId;
    }

    function _announceFungible(address token, uint256 amount, Retirement retirement) private {
        if (amount == 0) revert ParameterInvalid("amount");
        if (retirement == Retirement.VAULT) {
            if (fungibleVault[token] - fungibleReserved[token] < amount) {
                revert NotInVault(token, amount);
            }
            fungibleReserved[token] += amount;
        }
    }

    /// The owner of a unique asset, zero where it does not exist (which most tokens say by reverting).
    function _ownerOf(address token, uint256 id) private view returns (address) {
        try IERC721(token).ownerOf(id) returns (address owner) {
            return owner;
        } catch {
            return address(0);
        }
    }

    /// Refuses a token that did not move exactly the units asked for.
    function _requireMoved(address token, uint256 units, uint256 larger, uint256 smaller)
        private
        pure
    {
        uint256 moved = larger >= smaller ? larger - smaller : 0;
        if (moved != units) revert AmountMoved(token, units, moved);
    }
}
