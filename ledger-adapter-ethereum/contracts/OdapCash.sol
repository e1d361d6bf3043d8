// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";

/// A fungible asset (ERC-20) for development and tests: whoever has MINTER_ROLE creates units,
/// and whoever holds some may burn them. The escrow gets MINTER_ROLE.
contract OdapCash is ERC20, ERC20Burnable, AccessControl {
    bytes32 public constant MINTER_ROLE = keccak256("MINTER_ROLE");

    constructor(address administrator) ERC20("ODAP Cash", "CASH") {
        _grantRole(DEFAULT_ADMIN_ROLE, administrator);
        _grantRole(MINTER_ROLE, administrator);
    }

    function mint(address to, uint256 amount) external onlyRole(MINTER_ROLE) {
        _mint(to, amount);
    }

    /// Whole units only, so that the amounts of a demonstration read as they are.
    function decimals() public pure override returns (uint8) {
        return 0;
    }
}
