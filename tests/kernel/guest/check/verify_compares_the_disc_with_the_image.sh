expect 0 discwright rip $dvd disc.iso
expect 0 discwright verify $dvd --against disc.iso
expect 0 discwright verify disc.iso --against disc.iso.sha256
