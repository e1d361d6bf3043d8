// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC721Burnable} from "@openzeppelin/contracts/token/ERC721/extensions/ERC721Burnable.sol";

/// A unique asset (ERC-721) for development and tests: whoever has MINTER_ROLE creates titles,
/// and whoever holds one may burn it. The escrow gets MINTER_ROLE.
contract OdapTitle is ERC721, ERC721Burnable, AccessControl {
    bytes32 public constant MINTER_ROLE = keccak256("MINTER_ROLE");

    constructor(address administrator) ERC721("ODAP Title", "TITLE") {
        _grantRole(DEFAULT_ADMIN_ROLE, administrator);
        _grantRole(MINTER_ROLE, administrator);
    }

    /// Creates a title without asking the receiver, so that a contract can't refuse a transfer
    /// that is past its commit point.
    function mint(address to, uint256 id) external onlyRole(MINTER_ROLE) {
        _mint(to, id);
    }

    function supportsInterface(bytes4 interfaceId)
        public
        view
        override(ERC721, AccessControl)
        returns (bool)
    {
        return super.supportsInterface(interfaceId);
    }
}
