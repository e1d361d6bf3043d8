// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// A token that calls a given contract in the middle of every transfer and remembers how that ended.
contract ReentrantCash is ERC20 {
    address private target;
    bytes private callback;
    bool public attempted;
    bool public succeeded;
    bytes public answer;

    constructor(address holder, uint256 amount) ERC20("Reentrant", "RNT") {
        _mint(holder, amount);
    }

    function aim(address target_, bytes calldata callback_) external {
        target = target_;
        callback = callback_;
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (target != address(0)) {
            attempted = true;
            (succeeded, answer) = target.call(callback);
        }
    }
}
